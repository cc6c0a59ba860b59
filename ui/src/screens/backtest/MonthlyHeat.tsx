import type { MonthDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { PanelHead } from "../../widgets/PanelHead";
import { heatShare, heatYears } from "./heat";

const MONTHS = Array.from({ length: 12 }, (_, month) => month);

/** The return of each month in the colours of gain and loss. */
export function MonthlyHeat({ months }: { months: readonly MonthDto[] }) {
  const text = useText().backtest.heat;
  const format = useFormat();
  const nameOf = (month: number, style: "narrow" | "long") =>
    new Intl.DateTimeFormat(format.locale, { month: style, timeZone: "UTC" }).format(Date.UTC(2024, month, 15));
  return (
    <section className="border-line border-t" data-testid="monthly-heat">
      <PanelHead title={text.title} />
      <table className="w-full table-fixed border-separate border-spacing-0.5 p-2.5 text-11">
        <thead>
          <tr className="text-faint">
            <th scope="col" className="w-8 font-normal">
              <span className="sr-only">{text.year}</span>
            </th>
            {MONTHS.map((month) => (
              <th key={month} scope="col" className="font-normal" aria-label={nameOf(month, "long")}>
                {nameOf(month, "narrow")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {heatYears(months).map(({ year, months: row, total }) => (
            <tr key={year}>
              <th
                scope="row"
                className="text-left font-normal text-faint tabular-nums"
                title={text.yearCell(year, format.change(total, 1))}
              >
                {year}
              </th>
              {MONTHS.map((month) => {
                const value = row[month] ?? null;
                if (value === null) return <td key={month} />;
                return (
                  <td
                    key={month}
                    title={text.cell(`${nameOf(month, "long")} ${year}`, format.change(value, 2))}
                    className="h-5 rounded-[3px] text-center tracking-[-0.02em] tabular-nums"
                    style={{
                      background: `color-mix(in srgb, var(--color-${value < 0 ? "loss" : "gain"}) ${heatShare(value)}%, var(--color-panel))`,
                    }}
                  >
                    {format.number(value * 100, 0)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
