-- What holds for the whole warehouse: how queries in HogQL read times.

CREATE TABLE hedgerow.project (
  is_only    boolean NOT NULL DEFAULT true,
  timezone   text    NOT NULL DEFAULT 'UTC',
  week_start text    NOT NULL DEFAULT 'sunday',
  CONSTRAINT there_is_one_project PRIMARY KEY (is_only),
  CONSTRAINT there_is_no_other_project CHECK (is_only),
  CONSTRAINT a_week_starts_on_sunday_or_monday CHECK (week_start IN ('sunday', 'monday'))
);
INSERT INTO hedgerow.project DEFAULT VALUES;
COMMENT ON TABLE hedgerow.project IS 'What holds for the whole warehouse, in its one row. hedgerow.set_project changes it.';
COMMENT ON COLUMN hedgerow.project.timezone IS 'The zone in which HogQL tells hours, days and weeks apart.';
COMMENT ON COLUMN hedgerow.project.week_start IS 'The day that toStartOfWeek and toLastDayOfWeek take for a week''s first, where a query does not say.';
