/* The limit in practice: deferred acceptance on bare arrays, every choice in one bucket, no check of anything.
 * Same way of working as yangguang/engine/match_simple.py: a line is a list until it is full, then a heap with its last
 * one on top, and the key of that one turns most wishes away without a look at the heap. */
#include <stdint.h>
#include <stdlib.h>

static void sink(int64_t *keys, int32_t *slots, int64_t size, int64_t hole, int64_t key, int32_t slot) {
    for (int64_t child; (child = 2 * hole + 1) < size; hole = child) {
        if (child + 1 < size && keys[child + 1] > keys[child]) child++;
        if (keys[child] <= key) break;
        keys[hole] = keys[child];
        slots[hole] = slots[child];
    }
    keys[hole] = key;
    slots[hole] = slot;
}

/* pref, key: n × k, line or −1 in order of choice; quota: p; match: n, choice from 0 or −1. 0 when out of memory. */
int settle(int64_t n, int64_t k, int64_t p, const int32_t *pref, const int64_t *key, const int32_t *quota,
           int32_t *match) {
    int64_t *start = malloc((p + 1) * sizeof *start), *bar = malloc((p + 1) * sizeof *bar);
    int32_t *held = calloc(p + 1, sizeof *held);
    if (!start || !bar || !held) return 0;
    start[0] = 0;
    for (int64_t l = 0; l < p; l++) {
        start[l + 1] = start[l] + quota[l];
        bar[l] = quota[l] ? INT64_MAX : INT64_MIN;
    }
    int64_t *keys = malloc((start[p] + 1) * sizeof *keys);
    int32_t *slots = malloc((start[p] + 1) * sizeof *slots);
    if (!keys || !slots) return 0;
    for (int64_t i = 0; i < n; i++) {
        int64_t slot = i * k, end = slot + k;
        while (slot < end) {
            int32_t l = pref[slot];
            if (l < 0 || key[slot] >= bar[l]) {
                slot++;
                continue;
            }
            int64_t *line_keys = keys + start[l];
            int32_t *line_slots = slots + start[l];
            if (held[l] == quota[l]) {
                int64_t gone = line_slots[0];
                sink(line_keys, line_slots, held[l], 0, key[slot], (int32_t)slot);
                bar[l] = line_keys[0];
                slot = gone + 1;
                end = (gone / k + 1) * k;
                continue;
            }
            line_keys[held[l]] = key[slot];
            line_slots[held[l]++] = (int32_t)slot;
            if (held[l] == quota[l]) {
                for (int64_t hole = held[l] / 2; hole-- > 0;)
                    sink(line_keys, line_slots, held[l], hole, line_keys[hole], line_slots[hole]);
                bar[l] = line_keys[0];
            }
            break;
        }
    }
    for (int64_t i = 0; i < n; i++) match[i] = -1;
    for (int64_t l = 0; l < p; l++)
        for (int64_t at = start[l]; at < start[l] + held[l]; at++)
            match[slots[at] / k] = (int32_t)(slots[at] % k);
    free(start), free(bar), free(held), free(keys), free(slots);
    return 1;
}
