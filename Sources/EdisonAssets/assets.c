// Made by bin/lib/assets.sh. Do not edit.
#include "assets.h"

static const unsigned char asset_0[] = {
#embed "../../Sources/Features/Evaluation/Prompts/comparison.txt"
};
static const unsigned char asset_1[] = {
#embed "../../Sources/Features/Evaluation/Prompts/judgment.txt"
};
static const unsigned char asset_2[] = {
#embed "../../Sources/Features/Evaluation/Prompts/safety_scan.txt"
};
static const unsigned char asset_3[] = {
#embed "../../Sources/Features/Experiments/Prompts/adversarial.txt"
};
static const unsigned char asset_4[] = {
#embed "../../Sources/Features/Experiments/Prompts/refinement.txt"
};
static const unsigned char asset_5[] = {
#embed "../../Sources/Features/Experiments/Prompts/summary.txt"
};
static const unsigned char asset_6[] = {
#embed "../../Sources/Features/Experiments/Templates/demo-cases.jsonl"
};
static const unsigned char asset_7[] = {
#embed "../../Sources/Features/Experiments/Templates/demo.yaml"
};
static const unsigned char asset_8[] = {
#embed "../../Sources/Features/Experiments/Templates/report.css"
};
static const unsigned char asset_9[] = {
#embed "../../Sources/Features/Experiments/Templates/report.mustache"
};
static const unsigned char asset_10[] = {
#embed "../../Sources/Features/Experiments/Templates/report/costs.mustache"
};
static const unsigned char asset_11[] = {
#embed "../../Sources/Features/Experiments/Templates/report/criteria.mustache"
};
static const unsigned char asset_12[] = {
#embed "../../Sources/Features/Experiments/Templates/report/diff.mustache"
};
static const unsigned char asset_13[] = {
#embed "../../Sources/Features/Experiments/Templates/report/doubts.mustache"
};
static const unsigned char asset_14[] = {
#embed "../../Sources/Features/Experiments/Templates/report/examples.mustache"
};
static const unsigned char asset_15[] = {
#embed "../../Sources/Features/Experiments/Templates/report/facts.mustache"
};
static const unsigned char asset_16[] = {
#embed "../../Sources/Features/Experiments/Templates/report/failures.mustache"
};
static const unsigned char asset_17[] = {
#embed "../../Sources/Features/Experiments/Templates/report/forest-head.mustache"
};
static const unsigned char asset_18[] = {
#embed "../../Sources/Features/Experiments/Templates/report/forest-row.mustache"
};
static const unsigned char asset_19[] = {
#embed "../../Sources/Features/Experiments/Templates/report/gains.mustache"
};
static const unsigned char asset_20[] = {
#embed "../../Sources/Features/Experiments/Templates/report/iterations.mustache"
};
static const unsigned char asset_21[] = {
#embed "../../Sources/Features/Experiments/Templates/report/judges.mustache"
};
static const unsigned char asset_22[] = {
#embed "../../Sources/Features/Experiments/Templates/report/kinds.mustache"
};
static const unsigned char asset_23[] = {
#embed "../../Sources/Features/Experiments/Templates/report/measure.mustache"
};
static const unsigned char asset_24[] = {
#embed "../../Sources/Features/Experiments/Templates/report/number.mustache"
};
static const unsigned char asset_25[] = {
#embed "../../Sources/Features/Experiments/Templates/report/prompt.mustache"
};
static const unsigned char asset_26[] = {
#embed "../../Sources/Features/Experiments/Templates/report/safety.mustache"
};
static const unsigned char asset_27[] = {
#embed "../../Sources/Features/Experiments/Templates/report/score.mustache"
};
static const unsigned char asset_28[] = {
#embed "../../Sources/Features/Experiments/Templates/report/variants.mustache"
};
static const unsigned char asset_29[] = {
#embed "../../Sources/Features/Experiments/Templates/report/verdict.mustache"
};
static const unsigned char asset_30[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/base.css"
};
static const unsigned char asset_31[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/chevron.svg"
};
static const unsigned char asset_32[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/assist.css"
};
static const unsigned char asset_33[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/auth.css"
};
static const unsigned char asset_34[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/avatar.css"
};
static const unsigned char asset_35[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/badge.css"
};
static const unsigned char asset_36[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/button.css"
};
static const unsigned char asset_37[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/canvas.css"
};
static const unsigned char asset_38[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/case.css"
};
static const unsigned char asset_39[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/chart.css"
};
static const unsigned char asset_40[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/chip.css"
};
static const unsigned char asset_41[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/choice.css"
};
static const unsigned char asset_42[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/code.css"
};
static const unsigned char asset_43[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/dialog.css"
};
static const unsigned char asset_44[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/diff.css"
};
static const unsigned char asset_45[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/empty.css"
};
static const unsigned char asset_46[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/facets.css"
};
static const unsigned char asset_47[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/field.css"
};
static const unsigned char asset_48[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/gallery.css"
};
static const unsigned char asset_49[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/graph.css"
};
static const unsigned char asset_50[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/heat.css"
};
static const unsigned char asset_51[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/help.css"
};
static const unsigned char asset_52[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/iterations.css"
};
static const unsigned char asset_53[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/kbd.css"
};
static const unsigned char asset_54[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/legend.css"
};
static const unsigned char asset_55[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/menu.css"
};
static const unsigned char asset_56[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/messages.css"
};
static const unsigned char asset_57[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/notice.css"
};
static const unsigned char asset_58[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/pager.css"
};
static const unsigned char asset_59[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/pages.css"
};
static const unsigned char asset_60[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/palette.css"
};
static const unsigned char asset_61[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/panes.css"
};
static const unsigned char asset_62[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/peek.css"
};
static const unsigned char asset_63[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/progress.css"
};
static const unsigned char asset_64[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/prompt-editor.css"
};
static const unsigned char asset_65[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/prompt-page.css"
};
static const unsigned char asset_66[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/query.css"
};
static const unsigned char asset_67[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/queue.css"
};
static const unsigned char asset_68[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/rail.css"
};
static const unsigned char asset_69[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/review-bar.css"
};
static const unsigned char asset_70[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/review.css"
};
static const unsigned char asset_71[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/score.css"
};
static const unsigned char asset_72[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/section.css"
};
static const unsigned char asset_73[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/segmented.css"
};
static const unsigned char asset_74[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/select.css"
};
static const unsigned char asset_75[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/skeleton.css"
};
static const unsigned char asset_76[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/states.css"
};
static const unsigned char asset_77[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/stats.css"
};
static const unsigned char asset_78[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/stepper.css"
};
static const unsigned char asset_79[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/table.css"
};
static const unsigned char asset_80[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/tabs.css"
};
static const unsigned char asset_81[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/timeline.css"
};
static const unsigned char asset_82[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/toast.css"
};
static const unsigned char asset_83[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/topbar.css"
};
static const unsigned char asset_84[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/twin.css"
};
static const unsigned char asset_85[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/components/waterfall.css"
};
static const unsigned char asset_86[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/edison.js"
};
static const unsigned char asset_87[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/icon.svg"
};
static const unsigned char asset_88[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/icons.svg"
};
static const unsigned char asset_89[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/theme.js"
};
static const unsigned char asset_90[] = {
#embed "../../Sources/Platform/EdisonPages/Assets/tokens.css"
};
static const unsigned char asset_91[] = {
#embed "../../Sources/Platform/EdisonPages/Templates/design.mustache"
};
static const unsigned char asset_92[] = {
#embed "../../Sources/Platform/EdisonPages/Templates/entry.mustache"
};
static const unsigned char asset_93[] = {
#embed "../../Sources/Platform/EdisonPages/Templates/error.mustache"
};
static const unsigned char asset_94[] = {
#embed "../../Sources/Platform/EdisonPages/Templates/gallery.mustache"
};
static const unsigned char asset_95[] = {
#embed "../../Sources/Platform/EdisonPages/Templates/head.mustache"
};
static const unsigned char asset_96[] = {
#embed "../../Sources/Platform/EdisonWeb/Templates/reference.css"
};
static const unsigned char asset_97[] = {
#embed "../../Sources/Platform/EdisonWeb/Templates/reference.mustache"
};
static const unsigned char asset_98[] = {
#embed "../../Sources/Platform/EdisonWeb/Templates/reference/endpoint.mustache"
};
static const unsigned char asset_99[] = {
#embed "../../Sources/Platform/EdisonWeb/Templates/reference/field.mustache"
};
static const unsigned char asset_100[] = {
#embed "../../Sources/Platform/EdisonWeb/Templates/reference/fields.mustache"
};
static const unsigned char asset_101[] = {
#embed "../../docs/reference/experiment-file.schema.json"
};

static const struct embedded_asset assets[] = {
    { "Evaluation/Prompts/comparison.txt", asset_0, sizeof asset_0 },
    { "Evaluation/Prompts/judgment.txt", asset_1, sizeof asset_1 },
    { "Evaluation/Prompts/safety_scan.txt", asset_2, sizeof asset_2 },
    { "Experiments/Prompts/adversarial.txt", asset_3, sizeof asset_3 },
    { "Experiments/Prompts/refinement.txt", asset_4, sizeof asset_4 },
    { "Experiments/Prompts/summary.txt", asset_5, sizeof asset_5 },
    { "Experiments/Templates/demo-cases.jsonl", asset_6, sizeof asset_6 },
    { "Experiments/Templates/demo.yaml", asset_7, sizeof asset_7 },
    { "Experiments/Templates/report.css", asset_8, sizeof asset_8 },
    { "Experiments/Templates/report.mustache", asset_9, sizeof asset_9 },
    { "Experiments/Templates/report/costs.mustache", asset_10, sizeof asset_10 },
    { "Experiments/Templates/report/criteria.mustache", asset_11, sizeof asset_11 },
    { "Experiments/Templates/report/diff.mustache", asset_12, sizeof asset_12 },
    { "Experiments/Templates/report/doubts.mustache", asset_13, sizeof asset_13 },
    { "Experiments/Templates/report/examples.mustache", asset_14, sizeof asset_14 },
    { "Experiments/Templates/report/facts.mustache", asset_15, sizeof asset_15 },
    { "Experiments/Templates/report/failures.mustache", asset_16, sizeof asset_16 },
    { "Experiments/Templates/report/forest-head.mustache", asset_17, sizeof asset_17 },
    { "Experiments/Templates/report/forest-row.mustache", asset_18, sizeof asset_18 },
    { "Experiments/Templates/report/gains.mustache", asset_19, sizeof asset_19 },
    { "Experiments/Templates/report/iterations.mustache", asset_20, sizeof asset_20 },
    { "Experiments/Templates/report/judges.mustache", asset_21, sizeof asset_21 },
    { "Experiments/Templates/report/kinds.mustache", asset_22, sizeof asset_22 },
    { "Experiments/Templates/report/measure.mustache", asset_23, sizeof asset_23 },
    { "Experiments/Templates/report/number.mustache", asset_24, sizeof asset_24 },
    { "Experiments/Templates/report/prompt.mustache", asset_25, sizeof asset_25 },
    { "Experiments/Templates/report/safety.mustache", asset_26, sizeof asset_26 },
    { "Experiments/Templates/report/score.mustache", asset_27, sizeof asset_27 },
    { "Experiments/Templates/report/variants.mustache", asset_28, sizeof asset_28 },
    { "Experiments/Templates/report/verdict.mustache", asset_29, sizeof asset_29 },
    { "EdisonPages/Assets/base.css", asset_30, sizeof asset_30 },
    { "EdisonPages/Assets/chevron.svg", asset_31, sizeof asset_31 },
    { "EdisonPages/Assets/components/assist.css", asset_32, sizeof asset_32 },
    { "EdisonPages/Assets/components/auth.css", asset_33, sizeof asset_33 },
    { "EdisonPages/Assets/components/avatar.css", asset_34, sizeof asset_34 },
    { "EdisonPages/Assets/components/badge.css", asset_35, sizeof asset_35 },
    { "EdisonPages/Assets/components/button.css", asset_36, sizeof asset_36 },
    { "EdisonPages/Assets/components/canvas.css", asset_37, sizeof asset_37 },
    { "EdisonPages/Assets/components/case.css", asset_38, sizeof asset_38 },
    { "EdisonPages/Assets/components/chart.css", asset_39, sizeof asset_39 },
    { "EdisonPages/Assets/components/chip.css", asset_40, sizeof asset_40 },
    { "EdisonPages/Assets/components/choice.css", asset_41, sizeof asset_41 },
    { "EdisonPages/Assets/components/code.css", asset_42, sizeof asset_42 },
    { "EdisonPages/Assets/components/dialog.css", asset_43, sizeof asset_43 },
    { "EdisonPages/Assets/components/diff.css", asset_44, sizeof asset_44 },
    { "EdisonPages/Assets/components/empty.css", asset_45, sizeof asset_45 },
    { "EdisonPages/Assets/components/facets.css", asset_46, sizeof asset_46 },
    { "EdisonPages/Assets/components/field.css", asset_47, sizeof asset_47 },
    { "EdisonPages/Assets/components/gallery.css", asset_48, sizeof asset_48 },
    { "EdisonPages/Assets/components/graph.css", asset_49, sizeof asset_49 },
    { "EdisonPages/Assets/components/heat.css", asset_50, sizeof asset_50 },
    { "EdisonPages/Assets/components/help.css", asset_51, sizeof asset_51 },
    { "EdisonPages/Assets/components/iterations.css", asset_52, sizeof asset_52 },
    { "EdisonPages/Assets/components/kbd.css", asset_53, sizeof asset_53 },
    { "EdisonPages/Assets/components/legend.css", asset_54, sizeof asset_54 },
    { "EdisonPages/Assets/components/menu.css", asset_55, sizeof asset_55 },
    { "EdisonPages/Assets/components/messages.css", asset_56, sizeof asset_56 },
    { "EdisonPages/Assets/components/notice.css", asset_57, sizeof asset_57 },
    { "EdisonPages/Assets/components/pager.css", asset_58, sizeof asset_58 },
    { "EdisonPages/Assets/components/pages.css", asset_59, sizeof asset_59 },
    { "EdisonPages/Assets/components/palette.css", asset_60, sizeof asset_60 },
    { "EdisonPages/Assets/components/panes.css", asset_61, sizeof asset_61 },
    { "EdisonPages/Assets/components/peek.css", asset_62, sizeof asset_62 },
    { "EdisonPages/Assets/components/progress.css", asset_63, sizeof asset_63 },
    { "EdisonPages/Assets/components/prompt-editor.css", asset_64, sizeof asset_64 },
    { "EdisonPages/Assets/components/prompt-page.css", asset_65, sizeof asset_65 },
    { "EdisonPages/Assets/components/query.css", asset_66, sizeof asset_66 },
    { "EdisonPages/Assets/components/queue.css", asset_67, sizeof asset_67 },
    { "EdisonPages/Assets/components/rail.css", asset_68, sizeof asset_68 },
    { "EdisonPages/Assets/components/review-bar.css", asset_69, sizeof asset_69 },
    { "EdisonPages/Assets/components/review.css", asset_70, sizeof asset_70 },
    { "EdisonPages/Assets/components/score.css", asset_71, sizeof asset_71 },
    { "EdisonPages/Assets/components/section.css", asset_72, sizeof asset_72 },
    { "EdisonPages/Assets/components/segmented.css", asset_73, sizeof asset_73 },
    { "EdisonPages/Assets/components/select.css", asset_74, sizeof asset_74 },
    { "EdisonPages/Assets/components/skeleton.css", asset_75, sizeof asset_75 },
    { "EdisonPages/Assets/components/states.css", asset_76, sizeof asset_76 },
    { "EdisonPages/Assets/components/stats.css", asset_77, sizeof asset_77 },
    { "EdisonPages/Assets/components/stepper.css", asset_78, sizeof asset_78 },
    { "EdisonPages/Assets/components/table.css", asset_79, sizeof asset_79 },
    { "EdisonPages/Assets/components/tabs.css", asset_80, sizeof asset_80 },
    { "EdisonPages/Assets/components/timeline.css", asset_81, sizeof asset_81 },
    { "EdisonPages/Assets/components/toast.css", asset_82, sizeof asset_82 },
    { "EdisonPages/Assets/components/topbar.css", asset_83, sizeof asset_83 },
    { "EdisonPages/Assets/components/twin.css", asset_84, sizeof asset_84 },
    { "EdisonPages/Assets/components/waterfall.css", asset_85, sizeof asset_85 },
    { "EdisonPages/Assets/edison.js", asset_86, sizeof asset_86 },
    { "EdisonPages/Assets/icon.svg", asset_87, sizeof asset_87 },
    { "EdisonPages/Assets/icons.svg", asset_88, sizeof asset_88 },
    { "EdisonPages/Assets/theme.js", asset_89, sizeof asset_89 },
    { "EdisonPages/Assets/tokens.css", asset_90, sizeof asset_90 },
    { "EdisonPages/Templates/design.mustache", asset_91, sizeof asset_91 },
    { "EdisonPages/Templates/entry.mustache", asset_92, sizeof asset_92 },
    { "EdisonPages/Templates/error.mustache", asset_93, sizeof asset_93 },
    { "EdisonPages/Templates/gallery.mustache", asset_94, sizeof asset_94 },
    { "EdisonPages/Templates/head.mustache", asset_95, sizeof asset_95 },
    { "EdisonWeb/Templates/reference.css", asset_96, sizeof asset_96 },
    { "EdisonWeb/Templates/reference.mustache", asset_97, sizeof asset_97 },
    { "EdisonWeb/Templates/reference/endpoint.mustache", asset_98, sizeof asset_98 },
    { "EdisonWeb/Templates/reference/field.mustache", asset_99, sizeof asset_99 },
    { "EdisonWeb/Templates/reference/fields.mustache", asset_100, sizeof asset_100 },
    { "docs/reference/experiment-file.schema.json", asset_101, sizeof asset_101 },
};

int embedded_asset_count(void) { return sizeof assets / sizeof assets[0]; }
const struct embedded_asset *embedded_asset_at(int index) { return &assets[index]; }
