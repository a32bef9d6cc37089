internal import GRDB

/// The tables, and how older databases become newer ones. A migration that was released is never changed.
enum Schema {
  /// Names and statements, oldest first. The table of applied migrations has the name that GRDB's migrator gave it in
  /// the first databases.
  static let migrations: [(name: String, sql: String)] = [
    ("1 jobs, attempts, events, inputs, results", version1),
    (
      "2 archives, choices",
      """
      ALTER TABLE jobs ADD COLUMN entry_bytes BLOB;
      ALTER TABLE jobs ADD COLUMN choices TEXT;
      ALTER TABLE jobs ADD COLUMN answer TEXT;
      """
    ),
    ("3 duplicates", "ALTER TABLE jobs ADD COLUMN duplicate_of TEXT"),
    (
      "4 urgency, force, a million jobs",
      """
      ALTER TABLE jobs ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE jobs ADD COLUMN forced TEXT;
      ALTER TABLE results ADD COLUMN facts TEXT;
      CREATE INDEX jobs_kept ON jobs (sequence) WHERE original_at = 'inbox';
      """
    ),
    (
      "5 supersedes",
      """
      ALTER TABLE jobs ADD COLUMN supersedes TEXT;
      CREATE INDEX inputs_sha256 ON inputs (sha256);
      """
    ),
    ("6 memory", "ALTER TABLE jobs ADD COLUMN memory_mb INTEGER"),
    (
      sealing,
      """
      ALTER TABLE events ADD COLUMN state_sha256 TEXT;
      ALTER TABLE jobs ADD COLUMN inputs_sha256 TEXT;
      CREATE TABLE seals (job TEXT PRIMARY KEY NOT NULL, state_sha256 TEXT NOT NULL) STRICT;
      """
    ),
  ]

  /// From here on events carry digests of the rows they change; older rows are sealed.
  ///
  /// A later migration adds columns that are null in existing rows (`StoredRows` leaves those out of digests), or
  /// seals the rows again.
  private static let sealing = "7 digests of rows"

  /// Number of migrations applied to this database; nil for one of a newer radiomicsd.
  static func version(of database: Database) throws -> Int? {
    guard try database.tableExists("grdb_migrations") else { return 0 }
    let applied = try Set(String.fetchAll(database, sql: "SELECT identifier FROM grdb_migrations"))
    return applied.isSubset(of: migrations.map(\.name)) ? applied.count : nil
  }

  /// Applies the missing migrations, all or none: call it in one transaction.
  static func migrate(_ database: Database) throws {
    try database.execute(sql: "CREATE TABLE IF NOT EXISTS grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
    let applied = try Set(String.fetchAll(database, sql: "SELECT identifier FROM grdb_migrations"))
    for migration in migrations where !applied.contains(migration.name) {
      try database.execute(sql: migration.sql)
      try database.execute(sql: "INSERT INTO grdb_migrations VALUES (?)", arguments: [migration.name])
      if migration.name == sealing { try Seal.everything(actor: "daemon", in: database) }
    }
  }

  private static let version1 = """
    CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT;

    CREATE TABLE jobs (
      id TEXT PRIMARY KEY NOT NULL,
      sequence INTEGER NOT NULL UNIQUE,
      epoch INTEGER NOT NULL,
      study TEXT NOT NULL,
      study_bytes BLOB NOT NULL,
      state TEXT NOT NULL,
      outcome TEXT,
      attempt INTEGER NOT NULL,
      charges INTEGER NOT NULL,
      interruptions INTEGER NOT NULL,
      created TEXT NOT NULL,
      updated TEXT NOT NULL,
      started TEXT,
      finished TEXT,
      listing TEXT NOT NULL,
      input_digest TEXT,
      input_files INTEGER,
      input_bytes INTEGER,
      error_code TEXT,
      error_message TEXT,
      error_hint TEXT,
      error_details TEXT,
      published_as TEXT,
      original_at TEXT,
      swept INTEGER NOT NULL,
      retry_of TEXT
    ) STRICT;
    CREATE INDEX jobs_state ON jobs (state, sequence);
    CREATE INDEX jobs_created ON jobs (created);
    CREATE INDEX jobs_study ON jobs (study);
    CREATE INDEX jobs_input_digest ON jobs (input_digest);
    CREATE INDEX jobs_unswept ON jobs (sequence) WHERE swept = 0;

    CREATE TABLE attempts (
      job TEXT NOT NULL REFERENCES jobs (id),
      number INTEGER NOT NULL,
      started TEXT NOT NULL,
      ended TEXT,
      outcome TEXT,
      exit_code INTEGER,
      signal INTEGER,
      wall_seconds REAL,
      cpu_seconds REAL,
      peak_kilobytes INTEGER,
      charged INTEGER NOT NULL,
      PRIMARY KEY (job, number)
    ) STRICT;

    CREATE TABLE inputs (
      job TEXT NOT NULL REFERENCES jobs (id),
      path TEXT NOT NULL,
      sha256 TEXT NOT NULL,
      bytes INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX inputs_job ON inputs (job);

    CREATE TABLE results (
      job TEXT PRIMARY KEY NOT NULL REFERENCES jobs (id),
      probability REAL,
      positive INTEGER,
      threshold REAL,
      label TEXT,
      model_name TEXT,
      model_version TEXT,
      model_sha256 TEXT,
      demonstration INTEGER,
      profile_name TEXT,
      profile_sha256 TEXT,
      feature_count INTEGER,
      features_sha256 TEXT,
      warnings TEXT NOT NULL,
      manifest_sha256 TEXT NOT NULL
    ) STRICT;

    CREATE TABLE events (
      sequence INTEGER PRIMARY KEY NOT NULL,
      time TEXT NOT NULL,
      boot_time INTEGER NOT NULL,
      job TEXT,
      kind TEXT NOT NULL,
      from_state TEXT,
      to_state TEXT,
      attempt INTEGER,
      actor TEXT NOT NULL,
      details TEXT NOT NULL,
      previous_hash TEXT NOT NULL,
      hash TEXT NOT NULL UNIQUE
    ) STRICT;
    CREATE INDEX events_job ON events (job, sequence);
    CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
      BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
    CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events
      BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
    """
}
