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
#embed "../../Sources/Platform/EdisonWeb/Templates/reference.css"
};
static const unsigned char asset_31[] = {
#embed "../../Sources/Platform/EdisonWeb/Templates/reference.mustache"
};
static const unsigned char asset_32[] = {
#embed "../../Sources/Platform/EdisonWeb/Templates/reference/endpoint.mustache"
};
static const unsigned char asset_33[] = {
#embed "../../Sources/Platform/EdisonWeb/Templates/reference/field.mustache"
};
static const unsigned char asset_34[] = {
#embed "../../Sources/Platform/EdisonWeb/Templates/reference/fields.mustache"
};
static const unsigned char asset_35[] = {
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
    { "EdisonWeb/Templates/reference.css", asset_30, sizeof asset_30 },
    { "EdisonWeb/Templates/reference.mustache", asset_31, sizeof asset_31 },
    { "EdisonWeb/Templates/reference/endpoint.mustache", asset_32, sizeof asset_32 },
    { "EdisonWeb/Templates/reference/field.mustache", asset_33, sizeof asset_33 },
    { "EdisonWeb/Templates/reference/fields.mustache", asset_34, sizeof asset_34 },
    { "docs/reference/experiment-file.schema.json", asset_35, sizeof asset_35 },
};

int embedded_asset_count(void) { return sizeof assets / sizeof assets[0]; }
const struct embedded_asset *embedded_asset_at(int index) { return &assets[index]; }
