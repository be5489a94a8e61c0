-- The ledger: what was read, what it claims, what a person ticked. Rows are added, never changed.

CREATE TABLE documents (
    id INTEGER PRIMARY KEY CHECK (id > 0),
    name TEXT NOT NULL UNIQUE CHECK (name <> ''),
    kind TEXT NOT NULL CHECK (kind IN ('text', 'table')),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    text TEXT NOT NULL,
    read_at TEXT NOT NULL,
    UNIQUE (sha256, kind)
) STRICT;

-- One row each time a document was read otherwise than before; the last one is shown.
CREATE TABLE readings (
    id INTEGER PRIMARY KEY CHECK (id > 0),
    document INTEGER NOT NULL REFERENCES documents (id),
    keepwarm TEXT NOT NULL,
    language TEXT NOT NULL,
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    published TEXT NOT NULL,
    person TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
CREATE INDEX readings_of_document ON readings (document);

-- A claim keeps its number for good: a later reading that finds the same claim points at it.
CREATE TABLE claims (
    id INTEGER PRIMARY KEY CHECK (id > 0),
    document INTEGER NOT NULL REFERENCES documents (id),
    number INTEGER NOT NULL CHECK (number > 0),
    metric TEXT NOT NULL,
    value REAL,
    qualifier TEXT NOT NULL,
    quote_span TEXT NOT NULL,
    span_start INTEGER NOT NULL,
    value_max REAL,
    unit TEXT NOT NULL,
    source TEXT NOT NULL,
    source_surface TEXT NOT NULL,
    source_start INTEGER,
    source_country TEXT NOT NULL,
    location TEXT,
    modality TEXT NOT NULL,
    noun TEXT NOT NULL,
    noun_start INTEGER,
    facility_type TEXT NOT NULL,
    time TEXT NOT NULL,
    phase TEXT NOT NULL,
    carry_over INTEGER NOT NULL CHECK (carry_over IN (0, 1)),
    note TEXT NOT NULL,
    UNIQUE (document, number)
) STRICT;

CREATE TABLE readings_claims (
    reading INTEGER NOT NULL REFERENCES readings (id),
    position INTEGER NOT NULL CHECK (position > 0),
    claim INTEGER NOT NULL REFERENCES claims (id),
    PRIMARY KEY (reading, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE unread (
    reading INTEGER NOT NULL REFERENCES readings (id),
    position INTEGER NOT NULL CHECK (position > 0),
    text TEXT NOT NULL,
    start INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (reading, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE ticks (
    id INTEGER PRIMARY KEY CHECK (id > 0),
    claim INTEGER NOT NULL REFERENCES claims (id),
    decision TEXT NOT NULL CHECK (decision IN ('accepted', 'rejected', 'withdrawn')),
    confidence REAL CHECK (confidence BETWEEN 0 AND 1),
    who TEXT NOT NULL CHECK (who <> ''),
    at TEXT NOT NULL,
    note TEXT NOT NULL
) STRICT;
CREATE INDEX ticks_of_claim ON ticks (claim);

-- What is shown: the last reading of each document, and the last tick of each claim.
CREATE VIEW shown_readings AS
SELECT * FROM readings WHERE id IN (SELECT max(id) FROM readings GROUP BY document);

CREATE VIEW shown_ticks AS
SELECT * FROM ticks AS one WHERE id = (
    SELECT id FROM ticks WHERE claim = one.claim ORDER BY at DESC, id DESC LIMIT 1
);

CREATE TRIGGER documents_stay BEFORE UPDATE ON documents
BEGIN SELECT RAISE(ABORT, 'a ledger is never changed, only added to'); END;
CREATE TRIGGER documents_remain BEFORE DELETE ON documents
BEGIN SELECT RAISE(ABORT, 'nothing is deleted from a ledger'); END;
CREATE TRIGGER readings_stay BEFORE UPDATE ON readings
BEGIN SELECT RAISE(ABORT, 'a ledger is never changed, only added to'); END;
CREATE TRIGGER readings_remain BEFORE DELETE ON readings
BEGIN SELECT RAISE(ABORT, 'nothing is deleted from a ledger'); END;
CREATE TRIGGER claims_stay BEFORE UPDATE ON claims
BEGIN SELECT RAISE(ABORT, 'a ledger is never changed, only added to'); END;
CREATE TRIGGER claims_remain BEFORE DELETE ON claims
BEGIN SELECT RAISE(ABORT, 'nothing is deleted from a ledger'); END;
CREATE TRIGGER readings_claims_stay BEFORE UPDATE ON readings_claims
BEGIN SELECT RAISE(ABORT, 'a ledger is never changed, only added to'); END;
CREATE TRIGGER readings_claims_remain BEFORE DELETE ON readings_claims
BEGIN SELECT RAISE(ABORT, 'nothing is deleted from a ledger'); END;
CREATE TRIGGER unread_stay BEFORE UPDATE ON unread
BEGIN SELECT RAISE(ABORT, 'a ledger is never changed, only added to'); END;
CREATE TRIGGER unread_remain BEFORE DELETE ON unread
BEGIN SELECT RAISE(ABORT, 'nothing is deleted from a ledger'); END;
CREATE TRIGGER ticks_stay BEFORE UPDATE ON ticks
BEGIN SELECT RAISE(ABORT, 'a ledger is never changed, only added to'); END;
CREATE TRIGGER ticks_remain BEFORE DELETE ON ticks
BEGIN SELECT RAISE(ABORT, 'nothing is deleted from a ledger'); END;

-- INSERT OR REPLACE deletes without asking the triggers above: refuse a row that is there already.
CREATE TRIGGER documents_once BEFORE INSERT ON documents WHEN EXISTS (
    SELECT 1 FROM documents
    WHERE id = NEW.id OR name = NEW.name OR (sha256 = NEW.sha256 AND kind = NEW.kind)
) BEGIN SELECT RAISE(ABORT, 'a ledger is never changed: this document is there'); END;
CREATE TRIGGER readings_once BEFORE INSERT ON readings WHEN EXISTS (
    SELECT 1 FROM readings WHERE id = NEW.id
) BEGIN SELECT RAISE(ABORT, 'a ledger is never changed: this reading is there'); END;
CREATE TRIGGER claims_once BEFORE INSERT ON claims WHEN EXISTS (
    SELECT 1 FROM claims
    WHERE id = NEW.id OR (document = NEW.document AND number = NEW.number)
) BEGIN SELECT RAISE(ABORT, 'a ledger is never changed: this claim is there'); END;
CREATE TRIGGER readings_claims_once BEFORE INSERT ON readings_claims WHEN EXISTS (
    SELECT 1 FROM readings_claims WHERE reading = NEW.reading AND position = NEW.position
) BEGIN SELECT RAISE(ABORT, 'a ledger is never changed: this position is taken'); END;
CREATE TRIGGER unread_once BEFORE INSERT ON unread WHEN EXISTS (
    SELECT 1 FROM unread WHERE reading = NEW.reading AND position = NEW.position
) BEGIN SELECT RAISE(ABORT, 'a ledger is never changed: this position is taken'); END;
CREATE TRIGGER ticks_once BEFORE INSERT ON ticks WHEN EXISTS (
    SELECT 1 FROM ticks WHERE id = NEW.id
) BEGIN SELECT RAISE(ABORT, 'a ledger is never changed: this tick is there'); END;
