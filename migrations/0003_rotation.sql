-- Backtests over several symbols on one account. Nothing that stood before is changed.

-- The other symbols of a rotation, in its order, as JSON: ["ETHUSDT", ...]; `symbol` is the first of them.
ALTER TABLE runs ADD COLUMN others TEXT NOT NULL DEFAULT '[]';
-- The symbol of a trade of a rotation.
ALTER TABLE trades ADD COLUMN symbol TEXT;
