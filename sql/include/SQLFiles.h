#pragma once
#include <stddef.h>

/// One file of `sql/`, embedded when the binary is built.
struct hedgerow_sql_file {
  /// The path below `sql/`, such as "migrations/0001_catalogue.sql".
  const char *path;
  /// UTF-8, not terminated.
  const char *text;
  size_t length;
};

/// The files in the order in which they are run.
extern const struct hedgerow_sql_file hedgerow_sql_files[];
extern const size_t hedgerow_sql_file_count;

/// The first file; the others follow it.
static inline const struct hedgerow_sql_file *hedgerow_sql_files_first(void) { return hedgerow_sql_files; }
