// Made by bin/lib/assets.sh. Do not edit.
#include "assets.h"

static const unsigned char asset_0[] = {
#embed "../../Sources/Features/Evaluation/Prompts/comparison.txt"
};
static const unsigned char asset_1[] = {
#embed "../../Sources/Features/Evaluation/Prompts/judgment.txt"
};
static const unsigned char asset_2[] = {
#embed "../../Sources/Features/Experiments/Prompts/refinement.txt"
};
static const unsigned char asset_3[] = {
#embed "../../Sources/Features/Experiments/Prompts/summary.txt"
};
static const unsigned char asset_4[] = {
#embed "../../Sources/Features/Experiments/Templates/demo-cases.jsonl"
};
static const unsigned char asset_5[] = {
#embed "../../Sources/Features/Experiments/Templates/demo.yaml"
};
static const unsigned char asset_6[] = {
#embed "../../Sources/Features/Experiments/Templates/report.css"
};
static const unsigned char asset_7[] = {
#embed "../../Sources/Features/Experiments/Templates/report.mustache"
};

static const struct embedded_asset assets[] = {
    { "Evaluation/Prompts/comparison.txt", asset_0, sizeof asset_0 },
    { "Evaluation/Prompts/judgment.txt", asset_1, sizeof asset_1 },
    { "Experiments/Prompts/refinement.txt", asset_2, sizeof asset_2 },
    { "Experiments/Prompts/summary.txt", asset_3, sizeof asset_3 },
    { "Experiments/Templates/demo-cases.jsonl", asset_4, sizeof asset_4 },
    { "Experiments/Templates/demo.yaml", asset_5, sizeof asset_5 },
    { "Experiments/Templates/report.css", asset_6, sizeof asset_6 },
    { "Experiments/Templates/report.mustache", asset_7, sizeof asset_7 },
};

int embedded_asset_count(void) { return sizeof assets / sizeof assets[0]; }
const struct embedded_asset *embedded_asset_at(int index) { return &assets[index]; }
