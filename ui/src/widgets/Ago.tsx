import { useText } from "../i18n/text";
import { useFormat } from "../useFormat";
import { useNow } from "../useNow";

const MINUTE = 60_000;
/** What is older is known by its date, not by a count of days. */
const DATED_AFTER_DAYS = 30;

/** How long ago something was, the date where that is long; the exact time on hover. */
export function Ago({ at }: { at: number }) {
  const text = useText().shell.ago;
  const format = useFormat();
  const minutes = Math.floor((useNow(MINUTE / 2) - at) / MINUTE);
  const shown =
    minutes < 1
      ? text.now
      : minutes < 60
        ? text.minutes(minutes)
        : minutes < 48 * 60
          ? text.hours(Math.floor(minutes / 60))
          : minutes < DATED_AFTER_DAYS * 24 * 60
            ? text.days(Math.floor(minutes / (24 * 60)))
            : format.date(at);
  return (
    <time dateTime={new Date(at).toISOString()} title={`${format.dateTime(at)} ${format.zoneName(at)}`}>
      {shown}
    </time>
  );
}
