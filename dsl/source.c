/*
 * source.c - the text of a script.
 *
 * Reads its file.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "dsl.h"

static void close_file(void *file)
{
    fclose(file);
}

int wf_script_source(lua_State *L)
{
    const char *path = luaL_checkstring(L, 1);
    WfBox *box = wf_box(L, close_file);
    luaL_Buffer text;
    size_t got;

    box->p = fopen(path, "r");
    if (!box->p)
        wf_raisef(L, WEFT_EIO, NULL, NULL, "cannot open %s: %s", path, strerror(errno));
    luaL_buffinit(L, &text);
    do {
        char *room = luaL_prepbuffer(&text);
        got = fread(room, 1, LUAL_BUFFERSIZE, box->p);
        luaL_addsize(&text, got);
    } while (got);
    if (ferror(box->p))
        wf_raisef(L, WEFT_EIO, NULL, NULL, "cannot read %s: %s", path, strerror(errno));
    luaL_pushresult(&text);
    fclose(box->p);
    box->p = NULL;
    return 1;
}
