/*
 * show_file.c - a file of a plan for people. Reads the plan, writes text.
 */
#include "plan/show_file.h"

#include "plan/brief.h"

static int64_t needed_blocks(const WfPlan *plan, const WfPlanFile *file)
{
    int64_t end = file->block_first + file->blocks_x * file->blocks_y, count = 0;

    for (int64_t b = file->block_first; b < end; b++)
        count += wf_ledger_readers(plan, b) > 0;
    return count;
}

/* "kept from phase 1", of some of the blocks "120 of them kept from earlier phases" */
static void show_kept(int64_t kept, int64_t count, const char *direction, int plan, WfText *text)
{
    if (kept < count)
        wf_text_add(text, "%lld of them ", (long long)kept);
    if (plan >= 0)
        wf_text_add(text, "kept %s phase %d", direction, plan + 1);
    else
        wf_text_add(text, "kept %s several phases", direction);
}

static void show_decodes(const WfPlanFile *file, int64_t count, WfText *text)
{
    const WfFileStay *stay = &file->stay;

    if (file->redecode) {
        wf_text_add(text, " decoded anew for each tile");
        return;
    }
    if (stay->there > 0) {
        wf_text_add(text, stay->there < count ? ", " : " ");
        show_kept(stay->there, count, "from", stay->from, text);
    }
    if (stay->there > 0 && stay->there < count)
        wf_text_add(text, ", %lld", (long long)(count - stay->there));
    if (stay->there < count)
        wf_text_add(text, stay->again ? " decoded again" : " decoded once");
    if (stay->remain > 0) {
        wf_text_add(text, ", ");
        show_kept(stay->remain, count, "for", stay->until, text);
    }
}

void wf_show_file(const WfPlan *plan, int number, WfText *text)
{
    const WfPlanFile *file = &plan->files[number];
    int64_t count = needed_blocks(plan, file);

    wf_text_add(text, "  file %s: %lld x %lld in blocks of %d x %d, %d band%s; %lld block%s",
                file->path, (long long)file->width, (long long)file->height, file->block_width,
                file->block_height, file->band_count, wf_plural(file->band_count), (long long)count,
                wf_plural(count));
    show_decodes(file, count, text);
    wf_text_add(text, "\n");
}
