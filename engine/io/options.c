/*
 * options.c - creation options of GDAL's drivers: what there is, checked before anything is made.
 *
 * Needs GDAL set up. Reads the drivers' own descriptions of their options.
 */
#include "io/options.h"

#include <cpl_minixml.h>
#include <cpl_string.h>
#include <string.h>

#include "base/text.h"
#include "io/gdal_call.h"

static const char *list_item(const void *list, int i)
{
    return ((char **)list)[i];
}

static CPLXMLNode *parse_options(GDALDriverH driver)
{
    const char *xml = GDALGetMetadataItem(driver, GDAL_DMD_CREATIONOPTIONLIST, NULL);

    return xml ? CPLParseXMLString(xml) : NULL;
}

/* Names of all options, or (name given) the values of one. CSLDestroy it. */
static char **list_options(GDALDriverH driver, const char *name)
{
    CPLXMLNode *root = parse_options(driver);
    char **list = NULL;

    for (CPLXMLNode *node = root ? root->psChild : NULL; node; node = node->psNext) {
        const char *own = CPLGetXMLValue(node, "name", NULL);

        if (!own || node->eType != CXT_Element)
            continue;
        if (!name)
            list = CSLAddString(list, own);
        if (!name || !EQUAL(name, own))
            continue;
        for (CPLXMLNode *value = node->psChild; value; value = value->psNext)
            if (value->eType == CXT_Element && EQUAL(value->pszValue, "Value"))
                list = CSLAddString(list, CPLGetXMLValue(value, NULL, ""));
    }
    CPLDestroyXMLNode(root);
    return list;
}

static void hint_names(const char *name, char **names, WeftErr *err)
{
    const char *near = wf_nearest(name, names, CSLCount(names), list_item);
    WfText text = { 0 };

    if (near)
        wf_hint(err, "did you mean \"%s\"?", near);
    for (int i = 0; i < CSLCount(names); i++)
        wf_text_add(&text, "%s%s", i ? ", " : "", names[i]);
    wf_hint(err, "there are %s", text.text ? text.text : "none");
    wf_text_free(&text);
}

bool wf_options_known(GDALDriverH driver, const char *name)
{
    char **names = list_options(driver, NULL);
    bool known = CSLFindString(names, name) >= 0;

    CSLDestroy(names);
    return known;
}

bool wf_options_read(GDALDriverH driver, const char *const *texts, char ***list, WeftErr *err)
{
    char **names = texts && texts[0] ? list_options(driver, NULL) : NULL;
    bool done = true;

    *list = NULL;
    for (int i = 0; done && texts && texts[i]; i++) {
        char *key = NULL;
        const char *value = CPLParseNameValue(texts[i], &key);

        if (!key || !value) {
            done =
                wf_fail(err, WEFT_EARG, "option \"%.60s\" is not of the form KEY=VALUE", texts[i]);
        } else if (CSLFindString(names, key) < 0) {
            done = wf_fail(err, WEFT_ENAME, "format %s has no option \"%.60s\"",
                           GDALGetDriverShortName(driver), key);
            hint_names(key, names, err);
        } else {
            *list = CSLSetNameValue(*list, key, value);
        }
        CPLFree(key);
    }
    CSLDestroy(names);
    if (!done) {
        CSLDestroy(*list);
        *list = NULL;
    }
    return done;
}

bool wf_options_value(GDALDriverH driver, const char *name, const char *value, const char *what,
                      WeftErr *err)
{
    char **values = list_options(driver, name);
    bool known = CSLCount(values) == 0 || CSLFindString(values, value) >= 0;

    if (!known) {
        wf_fail(err, WEFT_ENAME, "format %s has no %s \"%.60s\"", GDALGetDriverShortName(driver),
                what, value);
        hint_names(value, values, err);
    }
    CSLDestroy(values);
    return known;
}

bool wf_options_check(GDALDriverH driver, char **list, WeftErr *err)
{
    WfCall call;
    bool valid;

    wf_call_begin(&call);
    valid = GDALValidateCreationOptions(driver, list);
    wf_call_end(&call);
    call.code = WEFT_EARG;
    return valid ||
           wf_call_fail(&call, err, NULL, "options of format %s", GDALGetDriverShortName(driver));
}
