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

static const struct embedded_asset assets[] = {
    { "Evaluation/Prompts/comparison.txt", asset_0, sizeof asset_0 },
    { "Evaluation/Prompts/judgment.txt", asset_1, sizeof asset_1 },
    { "Experiments/Prompts/refinement.txt", asset_2, sizeof asset_2 },
    { "Experiments/Prompts/summary.txt", asset_3, sizeof asset_3 },
};

int embedded_asset_count(void) { return sizeof assets / sizeof assets[0]; }
const struct embedded_asset *embedded_asset_at(int index) { return &assets[index]; }
