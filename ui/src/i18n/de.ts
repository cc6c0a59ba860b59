// German.
import { backtest } from "./de/backtest";
import { chart } from "./de/chart";
import { connection } from "./de/connection";
import { data } from "./de/data";
import { errors } from "./de/errors";
import { model } from "./de/model";
import { news } from "./de/news";
import { settings } from "./de/settings";
import { shell } from "./de/shell";
import { sweep } from "./de/sweep";
import type { Catalogue } from "./text";

export const de: Catalogue = { shell, errors, chart, connection, data, settings, model, news, backtest, sweep };
