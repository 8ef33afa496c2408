-- What is billed of a UTC day: page views, events and extensions of sessions. It stays when facts are
-- deleted, and when their domain is.
CREATE TABLE IF NOT EXISTS usage (
    domain_id LowCardinality(String),
    day Date,
    kind LowCardinality(String),
    count UInt64
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (domain_id, day, kind)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1,
    min_age_to_force_merge_seconds = 21600, min_age_to_force_merge_on_partition_only = 1, non_replicated_deduplication_window = 1000;
