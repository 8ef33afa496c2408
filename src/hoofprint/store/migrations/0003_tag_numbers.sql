-- A number for each tag and its value: a filter on tags reads these instead of the texts.
ALTER TABLE page_views
    ADD COLUMN IF NOT EXISTS tag_numbers Array(UInt64)
    MATERIALIZED arrayMap((k, v) -> cityHash64(k, v), tag_keys, tag_values) CODEC(ZSTD(1));

-- For what is there already, in the background.
ALTER TABLE page_views MATERIALIZE COLUMN tag_numbers;
