-- Statistics of the time before Hoofprint: sums of a local day, of each kind by its own values. Rows
-- count only as far as the records say so of their `rows_id`: what an import that did not end has
-- written is never seen. Columns are named like those of facts, so that the same filters fit.
CREATE TABLE IF NOT EXISTS imported (
    domain_id LowCardinality(String),
    rows_id LowCardinality(String),
    kind LowCardinality(String),
    day Date,
    hostname LowCardinality(String),
    path String CODEC(ZSTD(1)),
    title String CODEC(ZSTD(1)),
    path_number UInt64 MATERIALIZED cityHash64(path) CODEC(ZSTD(1)),
    entry_hostname LowCardinality(String),
    entry_path String CODEC(ZSTD(1)),
    entry_title String CODEC(ZSTD(1)),
    entry_path_number UInt64 MATERIALIZED cityHash64(entry_path) CODEC(ZSTD(1)),
    exit_hostname LowCardinality(String),
    exit_path String CODEC(ZSTD(1)),
    exit_title String CODEC(ZSTD(1)),
    exit_path_number UInt64 MATERIALIZED cityHash64(exit_path) CODEC(ZSTD(1)),
    referrer String CODEC(ZSTD(1)),
    referrer_name LowCardinality(String),
    channel LowCardinality(String),
    utm_source LowCardinality(String),
    utm_medium LowCardinality(String),
    utm_campaign LowCardinality(String),
    utm_content LowCardinality(String),
    utm_term LowCardinality(String),
    country LowCardinality(String),
    region LowCardinality(String),
    city LowCardinality(String),
    platform LowCardinality(String),
    browser LowCardinality(String),
    browser_version LowCardinality(String),
    os LowCardinality(String),
    os_version LowCardinality(String),
    visitors UInt64,
    sessions UInt64,
    views UInt64,
    bounces UInt64,
    seconds UInt64
)
ENGINE = MergeTree
PARTITION BY toYear(day)
ORDER BY (domain_id, kind, day, rows_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;
