-- Links between tables that HogQL follows: persons.stripe_customer.currency.

CREATE TABLE hedgerow.join (
  id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  table_name text        NOT NULL,
  field      text        NOT NULL,
  key        text        NOT NULL,
  target     text        NOT NULL,
  target_key text        NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT a_field_of_a_table_leads_to_one_table UNIQUE (table_name, field),
  CONSTRAINT a_field_is_a_name CHECK (field ~ '^[A-Za-z_][A-Za-z0-9_]{0,62}$'),
  CONSTRAINT a_key_is_a_column_or_a_path CHECK (
    key ~ '^[^.]+(\.[^.]+)*$' AND target_key ~ '^[^.]+(\.[^.]+)*$')
);
COMMENT ON TABLE hedgerow.join IS 'Links that HogQL follows: table_name.field reaches the row of target whose target_key equals key.';
COMMENT ON COLUMN hedgerow.join.table_name IS 'The table that the link starts at, by its name in the warehouse.';
COMMENT ON COLUMN hedgerow.join.field IS 'The name under which queries follow the link.';
COMMENT ON COLUMN hedgerow.join.key IS 'A column, or a path into a JSON column such as properties.email.';
COMMENT ON COLUMN hedgerow.join.target_key IS 'A column of target, or a path into a JSON column of it.';
