-- Times are milliseconds since 1970, truth values 0 and 1, hashes and keys text: the same statements serve SQLite and PostgreSQL.

CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    username TEXT NOT NULL,
    email TEXT,
    full_name TEXT NOT NULL,
    password_hash TEXT,
    roles TEXT NOT NULL,
    version BIGINT NOT NULL,
    is_blocked BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

-- User names and e-mail addresses share one space, so that what is typed at login names one account.
CREATE TABLE login_names (
    name TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE
);
CREATE INDEX login_names_by_account ON login_names (account_id);

CREATE TABLE role_permissions (
    role TEXT NOT NULL,
    permission TEXT NOT NULL,
    PRIMARY KEY (role, permission)
);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    method TEXT NOT NULL,
    address TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    revoked_why TEXT
);
CREATE INDEX sessions_by_account ON sessions (account_id, created_at);
CREATE INDEX sessions_live ON sessions (expires_at) WHERE revoked_at IS NULL;

-- Only hashes of tokens. The seed and the presented token together give the successor, so that it need not be kept either.
CREATE TABLE refresh_tokens (
    hash TEXT PRIMARY KEY,
    session_id TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    successor TEXT,
    seed TEXT
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_by_end ON refresh_tokens (expires_at);

CREATE TABLE signing_keys (
    id TEXT PRIMARY KEY,
    x TEXT NOT NULL,
    y TEXT NOT NULL,
    private_key TEXT,
    created_at BIGINT NOT NULL,
    signs_from BIGINT NOT NULL,
    ends_at BIGINT
);

-- What the other services must hear of at once. The cursor is the number of the change.
CREATE TABLE revoked_sessions (
    session_id TEXT PRIMARY KEY,
    until BIGINT NOT NULL,
    cursor_at BIGINT NOT NULL
);
CREATE TABLE account_changes (
    account_id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    roles TEXT NOT NULL,
    is_blocked BIGINT NOT NULL,
    until BIGINT NOT NULL,
    cursor_at BIGINT NOT NULL
);

CREATE TABLE audit (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    account_id TEXT,
    session_id TEXT,
    actor_id TEXT,
    address TEXT,
    trace_id TEXT,
    detail TEXT,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX audit_by_account ON audit (account_id, seq);
CREATE INDEX audit_by_kind ON audit (kind, seq);

CREATE TABLE outbox (
    seq BIGINT PRIMARY KEY,
    topic TEXT NOT NULL,
    subject TEXT NOT NULL,
    envelope TEXT NOT NULL
);

-- Failures in a row of one account, or of one name that is nobody's.
CREATE TABLE account_failures (
    subject TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);
-- Failures of one address, for each name that it tried.
CREATE TABLE address_failures (
    address TEXT NOT NULL,
    subject TEXT NOT NULL,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (address, subject)
);
CREATE TABLE address_blocks (
    address TEXT PRIMARY KEY,
    until BIGINT NOT NULL
);
CREATE TABLE registrations (
    address TEXT PRIMARY KEY,
    count BIGINT NOT NULL,
    window_ends BIGINT NOT NULL
);

-- Numbers that only grow.
CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('feed', 0), ('outbox', 0);

-- The last row of the audit, so that rows cut off its end show.
CREATE TABLE audit_head (
    one BIGINT PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO audit_head (one, seq, hash) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    until BIGINT NOT NULL
);
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
