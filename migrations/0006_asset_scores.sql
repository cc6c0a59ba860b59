-- A model's score of an article for each asset that it is about: by the sentences that mention the asset, or the headline where none
-- does. Nothing that stood before is changed; what an earlier version scored gets its rows from the sentences' scores.

CREATE TABLE asset_scores (
    article_id INTEGER NOT NULL,
    model_id   INTEGER NOT NULL,
    asset      TEXT    NOT NULL,
    positive   REAL    NOT NULL,
    negative   REAL    NOT NULL,
    neutral    REAL    NOT NULL,
    -- JSON: the positions of the sentences that count, [0, 3]
    sentences  TEXT    NOT NULL,
    PRIMARY KEY (article_id, model_id, asset),
    FOREIGN KEY (article_id, model_id) REFERENCES article_scores (article_id, model_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
