// Puts the files of sql/ into the binary. The list at the end is the order in which they are run.
#include "SQLFiles.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const char mcatalogue[] = {
#embed "migrations/0001_catalogue.sql"
};
static const char mjoins[] = {
#embed "migrations/0002_joins.sql"
};
static const char mproject[] = {
#embed "migrations/0003_project.sql"
};
static const char mcheckpoints[] = {
#embed "migrations/0004_checkpoints.sql"
};
static const char mservice[] = {
#embed "migrations/0005_service.sql"
};
static const char raise_with[] = {
#embed "functions/raise_with.sql"
};
static const char table_name[] = {
#embed "functions/table_name.sql"
};
static const char find_schema[] = {
#embed "functions/find_schema.sql"
};
static const char claim[] = {
#embed "functions/claim.sql"
};
static const char alter_columns[] = {
#embed "functions/alter_columns.sql"
};
static const char column_settings[] = {
#embed "functions/column_settings.sql"
};
static const char comments[] = {
#embed "functions/comments.sql"
};
static const char commit_batch[] = {
#embed "functions/commit_batch.sql"
};
static const char dependents[] = {
#embed "functions/dependents.sql"
};
static const char fate_of_dependent[] = {
#embed "functions/fate_of_dependent.sql"
};
static const char generations[] = {
#embed "functions/generations.sql"
};
static const char hogql_functions[] = {
#embed "functions/hogql_functions.sql"
};
static const char join[] = {
#embed "functions/join.sql"
};
static const char link_source[] = {
#embed "functions/link_source.sql"
};
static const char object_definition[] = {
#embed "functions/object_definition.sql"
};
static const char parent_definition[] = {
#embed "functions/parent_definition.sql"
};
static const char rebuild_parent[] = {
#embed "functions/rebuild_parent.sql"
};
static const char recreate_dependents[] = {
#embed "functions/recreate_dependents.sql"
};
static const char restore_grants[] = {
#embed "functions/restore_grants.sql"
};
static const char saved_dependents[] = {
#embed "functions/saved_dependents.sql"
};
static const char schedule[] = {
#embed "functions/schedule.sql"
};
static const char setting_rules[] = {
#embed "functions/setting_rules.sql"
};
static const char set_schema[] = {
#embed "functions/set_schema.sql"
};
static const char set_project[] = {
#embed "functions/set_project.sql"
};
static const char source_actions[] = {
#embed "functions/source_actions.sql"
};
static const char swap_generation[] = {
#embed "functions/swap_generation.sql"
};
static const char table_attachments[] = {
#embed "functions/table_attachments.sql"
};
static const char view_definition[] = {
#embed "functions/view_definition.sql"
};
static const char widen_column[] = {
#embed "functions/widen_column.sql"
};
static const char view_status[] = {
#embed "views/status.sql"
};
static const char view_recent_history[] = {
#embed "views/recent_history.sql"
};
static const char roles[] = {
#embed "functions/roles.sql"
};
static const char hogql_core[] = {
#embed "hogql/00_core.sql"
};
static const char hogql_strings[] = {
#embed "hogql/10_strings.sql"
};
static const char hogql_urls[] = {
#embed "hogql/15_urls.sql"
};
static const char hogql_json[] = {
#embed "hogql/20_json.sql"
};
static const char hogql_conversions[] = {
#embed "hogql/30_conversions.sql"
};
static const char hogql_dates[] = {
#embed "hogql/40_dates.sql"
};
static const char hogql_numbers[] = {
#embed "hogql/50_numbers.sql"
};
static const char hogql_arrays[] = {
#embed "hogql/60_arrays.sql"
};
static const char hogql_maps[] = {
#embed "hogql/65_maps.sql"
};
static const char hogql_aggregates[] = {
#embed "hogql/70_aggregates.sql"
};
static const char hogql_rights[] = {
#embed "hogql/90_rights.sql"
};

#define FILE_AT(path, name) {path, name, sizeof(name)}

const struct hedgerow_sql_file hedgerow_sql_files[] = {
    FILE_AT("migrations/0001_catalogue.sql", mcatalogue),
    FILE_AT("migrations/0002_joins.sql", mjoins),
    FILE_AT("migrations/0003_project.sql", mproject),
    FILE_AT("migrations/0004_checkpoints.sql", mcheckpoints),
    FILE_AT("migrations/0005_service.sql", mservice),
    FILE_AT("functions/raise_with.sql", raise_with),
    FILE_AT("functions/table_name.sql", table_name),
    FILE_AT("functions/find_schema.sql", find_schema),
    FILE_AT("functions/claim.sql", claim),
    FILE_AT("functions/alter_columns.sql", alter_columns),
    FILE_AT("functions/column_settings.sql", column_settings),
    FILE_AT("functions/comments.sql", comments),
    FILE_AT("functions/commit_batch.sql", commit_batch),
    FILE_AT("functions/dependents.sql", dependents),
    FILE_AT("functions/fate_of_dependent.sql", fate_of_dependent),
    FILE_AT("functions/generations.sql", generations),
    FILE_AT("functions/hogql_functions.sql", hogql_functions),
    FILE_AT("functions/join.sql", join),
    FILE_AT("functions/link_source.sql", link_source),
    FILE_AT("functions/object_definition.sql", object_definition),
    FILE_AT("functions/parent_definition.sql", parent_definition),
    FILE_AT("functions/rebuild_parent.sql", rebuild_parent),
    FILE_AT("functions/recreate_dependents.sql", recreate_dependents),
    FILE_AT("functions/restore_grants.sql", restore_grants),
    FILE_AT("functions/saved_dependents.sql", saved_dependents),
    FILE_AT("functions/schedule.sql", schedule),
    FILE_AT("functions/setting_rules.sql", setting_rules),
    FILE_AT("functions/set_schema.sql", set_schema),
    FILE_AT("functions/set_project.sql", set_project),
    FILE_AT("functions/source_actions.sql", source_actions),
    FILE_AT("functions/swap_generation.sql", swap_generation),
    FILE_AT("functions/table_attachments.sql", table_attachments),
    FILE_AT("functions/view_definition.sql", view_definition),
    FILE_AT("functions/widen_column.sql", widen_column),
    FILE_AT("views/status.sql", view_status),
    FILE_AT("views/recent_history.sql", view_recent_history),
    FILE_AT("functions/roles.sql", roles),
    FILE_AT("hogql/00_core.sql", hogql_core),
    FILE_AT("hogql/10_strings.sql", hogql_strings),
    FILE_AT("hogql/15_urls.sql", hogql_urls),
    FILE_AT("hogql/20_json.sql", hogql_json),
    FILE_AT("hogql/30_conversions.sql", hogql_conversions),
    FILE_AT("hogql/40_dates.sql", hogql_dates),
    FILE_AT("hogql/50_numbers.sql", hogql_numbers),
    FILE_AT("hogql/60_arrays.sql", hogql_arrays),
    FILE_AT("hogql/65_maps.sql", hogql_maps),
    FILE_AT("hogql/70_aggregates.sql", hogql_aggregates),
    FILE_AT("hogql/90_rights.sql", hogql_rights),
};
const size_t hedgerow_sql_file_count = sizeof(hedgerow_sql_files) / sizeof(hedgerow_sql_files[0]);
