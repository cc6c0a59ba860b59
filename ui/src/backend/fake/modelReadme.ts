// What the model of the in-memory program says of itself: of the kind that the real one says.
export const README = `# minilm-finance: the default sentiment model

Tells whether a headline or a sentence about markets is positive, negative or neutral. English only.

| | |
|---|---|
| Kind | BERT encoder with a three-way classifier (\`BertForSequenceClassification\`) |
| Base | all-MiniLM-L6-v2, Apache-2.0 |
| Size | 22.7 million parameters |

## Data
| set | licence | used as |
|---|---|---|
| Twitter Financial News Sentiment, training split | MIT | training |
| SEntFiN 1.0, nine tenths | MIT | training |
| SEntFiN, the held-out tenth | MIT | evaluation |

## Figures
| set | rows | accuracy | macro F1 |
|---|---|---|---|
| TFNS validation | 2,388 | 0.8585 | 0.8214 |
| SEntFiN held out | 945 | 0.8646 | 0.8661 |

## Limits
- It reads a sentence, not a market: "positive" means that the wording is good news for somebody, not that a price will rise.
- The probabilities are not calibrated.
`;
