-- A source that keeps its own place, such as the files that it has loaded, needs no cursor field.

ALTER TABLE hedgerow.schema DROP CONSTRAINT an_incremental_schema_has_a_cursor_field;
ALTER TABLE hedgerow.schema ADD CONSTRAINT an_incremental_schema_has_a_cursor CHECK (
  mode = 'full_refresh' OR cursor_field IS NOT NULL OR remote ? 'checkpoints');
