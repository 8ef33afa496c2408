-- Facts. Times are whole seconds in UTC. `day` is the UTC day whose key made the visitor id: no id
-- is on two of them, and nothing of a day comes later than half an hour after its end.
-- A path has a number, which is cheaper to compare and to group by. `reload` marks a page view that is
-- not the first one of its session but leaves it a bounce. A session row is written again
-- whenever the session grows: the highest version wins, so it is always read with FINAL.

CREATE TABLE IF NOT EXISTS page_views (
    domain_id LowCardinality(String),
    day Date,
    time DateTime('UTC') CODEC(Delta, ZSTD(1)),
    visitor_id UInt64,
    session_id UInt32,
    n UInt16,
    reload UInt8,
    hostname LowCardinality(String),
    path String CODEC(ZSTD(1)),
    title String CODEC(ZSTD(1)),
    path_number UInt64 MATERIALIZED cityHash64(path) CODEC(ZSTD(1)),
    tag_keys Array(LowCardinality(String)),
    tag_values Array(String) CODEC(ZSTD(1)),
    language LowCardinality(String),
    country LowCardinality(String),
    region LowCardinality(String),
    city LowCardinality(String),
    referrer String CODEC(ZSTD(1)),
    referrer_name LowCardinality(String),
    os LowCardinality(String),
    os_version LowCardinality(String),
    browser LowCardinality(String),
    browser_version LowCardinality(String),
    platform LowCardinality(String),
    screen_class LowCardinality(String),
    utm_source LowCardinality(String),
    utm_medium LowCardinality(String),
    utm_campaign LowCardinality(String),
    utm_content LowCardinality(String),
    utm_term LowCardinality(String),
    channel LowCardinality(String)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (domain_id, day, visitor_id, session_id, time, n)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1,
    min_age_to_force_merge_seconds = 21600, min_age_to_force_merge_on_partition_only = 1, non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS events (
    domain_id LowCardinality(String),
    day Date,
    time DateTime('UTC') CODEC(Delta, ZSTD(1)),
    visitor_id UInt64,
    session_id UInt32,
    n UInt16,
    hostname LowCardinality(String),
    path String CODEC(ZSTD(1)),
    title String CODEC(ZSTD(1)),
    path_number UInt64 MATERIALIZED cityHash64(path) CODEC(ZSTD(1)),
    name LowCardinality(String),
    duration UInt32,
    meta_keys Array(LowCardinality(String)),
    meta_values Array(String) CODEC(ZSTD(1)),
    language LowCardinality(String),
    country LowCardinality(String),
    region LowCardinality(String),
    city LowCardinality(String),
    referrer String CODEC(ZSTD(1)),
    referrer_name LowCardinality(String),
    os LowCardinality(String),
    os_version LowCardinality(String),
    browser LowCardinality(String),
    browser_version LowCardinality(String),
    platform LowCardinality(String),
    screen_class LowCardinality(String),
    utm_source LowCardinality(String),
    utm_medium LowCardinality(String),
    utm_campaign LowCardinality(String),
    utm_content LowCardinality(String),
    utm_term LowCardinality(String),
    channel LowCardinality(String)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (domain_id, day, visitor_id, session_id, time, n)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1,
    min_age_to_force_merge_seconds = 21600, min_age_to_force_merge_on_partition_only = 1, non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS sessions (
    domain_id LowCardinality(String),
    day Date,
    visitor_id UInt64,
    session_id UInt32,
    start DateTime('UTC') CODEC(Delta, ZSTD(1)),
    time DateTime('UTC') CODEC(Delta, ZSTD(1)),
    version UInt64 CODEC(Delta, ZSTD(1)),
    page_views UInt16,
    is_bounce UInt8,
    extended UInt32,
    duration UInt32,
    hostname LowCardinality(String),
    entry_hostname LowCardinality(String),
    entry_path String CODEC(ZSTD(1)),
    entry_title String CODEC(ZSTD(1)),
    exit_hostname LowCardinality(String),
    exit_path String CODEC(ZSTD(1)),
    exit_title String CODEC(ZSTD(1)),
    entry_path_number UInt64 MATERIALIZED cityHash64(entry_path) CODEC(ZSTD(1)),
    exit_path_number UInt64 MATERIALIZED cityHash64(exit_path) CODEC(ZSTD(1)),
    language LowCardinality(String),
    country LowCardinality(String),
    region LowCardinality(String),
    city LowCardinality(String),
    referrer String CODEC(ZSTD(1)),
    referrer_name LowCardinality(String),
    os LowCardinality(String),
    os_version LowCardinality(String),
    browser LowCardinality(String),
    browser_version LowCardinality(String),
    platform LowCardinality(String),
    screen_class LowCardinality(String),
    utm_source LowCardinality(String),
    utm_medium LowCardinality(String),
    utm_campaign LowCardinality(String),
    utm_content LowCardinality(String),
    utm_term LowCardinality(String),
    channel LowCardinality(String)
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(day)
ORDER BY (domain_id, day, visitor_id, session_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1,
    min_age_to_force_merge_seconds = 21600, min_age_to_force_merge_on_partition_only = 1;

-- How many requests of a minute were accepted, and how many were dropped for which reason.
CREATE TABLE IF NOT EXISTS ledger (
    domain_id LowCardinality(String),
    minute DateTime('UTC'),
    outcome LowCardinality(String),
    hits UInt64
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(minute)
ORDER BY (domain_id, minute, outcome)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1,
    min_age_to_force_merge_seconds = 21600, min_age_to_force_merge_on_partition_only = 1, non_replicated_deduplication_window = 1000;
