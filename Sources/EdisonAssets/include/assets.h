#pragma once
#include <stddef.h>

/// A file that is part of the program.
struct embedded_asset {
    const char *name;
    const unsigned char *bytes;
    size_t count;
};

int embedded_asset_count(void);
const struct embedded_asset *embedded_asset_at(int index);
