// English.
import { backtest } from "./en/backtest";
import { chart } from "./en/chart";
import { connection } from "./en/connection";
import { data } from "./en/data";
import { errors } from "./en/errors";
import { model } from "./en/model";
import { news } from "./en/news";
import { settings } from "./en/settings";
import { shell } from "./en/shell";
import { sweep } from "./en/sweep";

export const en = { shell, errors, chart, connection, data, settings, model, news, backtest, sweep };
