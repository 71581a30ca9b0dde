// Puts the files of sql/ into the binary. A new file is a line in the list below; its place is its turn.
#include "SQLFiles.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

#define FILES(X)                                   \
  X(a01, "migrations/0001_catalogue.sql")          \
  X(b01, "functions/raise_with.sql")               \
  X(b02, "functions/table_name.sql")               \
  X(b03, "functions/find_schema.sql")              \
  X(b04, "functions/claim.sql")                    \
  X(b05, "functions/link_source.sql")              \
  X(b06, "functions/commit_batch.sql")             \
  X(b07, "functions/generations.sql")              \
  X(b08, "functions/set_schema.sql")               \
  X(b09, "functions/source_actions.sql")           \
  X(c01, "views/status.sql")                       \
  X(c02, "views/recent_history.sql")               \
  X(d01, "functions/roles.sql")

// A macro cannot hold #embed, so each file has a line here.
static const char a01[] = {
#embed "migrations/0001_catalogue.sql"
};
static const char b01[] = {
#embed "functions/raise_with.sql"
};
static const char b02[] = {
#embed "functions/table_name.sql"
};
static const char b03[] = {
#embed "functions/find_schema.sql"
};
static const char b04[] = {
#embed "functions/claim.sql"
};
static const char b05[] = {
#embed "functions/link_source.sql"
};
static const char b06[] = {
#embed "functions/commit_batch.sql"
};
static const char b07[] = {
#embed "functions/generations.sql"
};
static const char b08[] = {
#embed "functions/set_schema.sql"
};
static const char b09[] = {
#embed "functions/source_actions.sql"
};
static const char c01[] = {
#embed "views/status.sql"
};
static const char c02[] = {
#embed "views/recent_history.sql"
};
static const char d01[] = {
#embed "functions/roles.sql"
};

#define ENTRY(name, path) {path, name, sizeof(name)},
const struct hedgerow_sql_file hedgerow_sql_files[] = {FILES(ENTRY)};
const size_t hedgerow_sql_file_count = sizeof(hedgerow_sql_files) / sizeof(hedgerow_sql_files[0]);
