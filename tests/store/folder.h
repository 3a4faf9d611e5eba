// SPDX-License-Identifier: GPL-3.0-or-later
/* folder: a state directory of its own for each test, and what may be done to the files in it.
 * Shape:   setup and teardown for cmocka; *state is the path.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

int test_folder_make(void **state);
int test_folder_remove(void **state);

/* Removes a tree; what is not there is fine. */
void test_tree_remove(const char *path);
/* How many names in the folder begin so. */
size_t test_count(const char *folder, const char *begin);
/* Overwrites len bytes at offset with 0xA5. */
void test_flip(const char *path, long offset, size_t len);
/* Mounts a tmpfs of that size on path, in a mount namespace of our own; false where that is not
 * allowed (then nothing was changed). */
bool test_mount_small(const char *path, size_t bytes);
/* Fills the file system of path up to the last block; the file's name is "filler". Fails the test where that is
 * none of test_mount_small's. */
void test_fill(const char *path);
void test_unfill(const char *path);
