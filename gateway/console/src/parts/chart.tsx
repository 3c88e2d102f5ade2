// Two pictures of numbers, in SVG: bars over time in layers, and bars beside names. Each has its table.
import { useSpoken } from '../words/words';
import { number } from '../words/format';
import type { ReactNode } from 'react';

export interface Layer {
  key: string; // `fill-<key>` is its colour
  name: string;
}

const width = 1080;
const height = 240;
const left = 36;
const bottom = 24;

// A round number at or above the highest bar.
function topOf(most: number) {
  if (most <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 5, 10].map((step) => step * power).find((step) => step >= most) ?? most;
}

export function StackedBars({
  title,
  layers,
  labels,
  values,
  labelEvery,
  table,
}: {
  title: string;
  layers: Layer[];
  labels: string[];
  values: Record<string, number>[];
  labelEvery: number;
  table: ReactNode;
}) {
  const { words, language } = useSpoken();
  const sums = values.map((each) => layers.reduce((sum, { key }) => sum + (each[key] ?? 0), 0));
  const top = topOf(Math.max(0, ...sums));
  const step = (width - left) / values.length;
  const y = (value: number) => (height - bottom) * (1 - value / top) + 8;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => top * part).filter((tick) => Number.isInteger(tick));
  return (
    <figure className="chart" tabIndex={0} aria-label={title}>
      <svg viewBox={`0 0 ${width} ${height + 8}`} role="img" aria-label={title}>
        {ticks.map((tick) => (
          <g key={tick}>
            <line className={tick === 0 ? 'axis' : 'grid'} x1={left} x2={width} y1={y(tick)} y2={y(tick)} />
            <text x={left - 6} y={y(tick) + 4} textAnchor="end">
              {number(tick, language)}
            </text>
          </g>
        ))}
        {values.map((each, index) => {
          let base = 0;
          return (
            <g key={labels[index]}>
              {layers.map(({ key }) => {
                const value = each[key] ?? 0;
                const from = y(base + value);
                const size = y(base) - from;
                base += value;
                return size > 0 ? (
                  <rect key={key} className={`fill-${key}`} x={left + index * step + step * 0.15} y={from} width={step * 0.7} height={Math.max(1, size - 1)} />
                ) : null;
              })}
              {index % labelEvery === 0 && (
                <text x={left + (index + 0.5) * step} y={height + 2} textAnchor="middle">
                  {labels[index]}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      <figcaption>
        <ul className="legend">
          {layers.map(({ key, name }) => (
            <li key={key}>
              <svg viewBox="0 0 10 10" aria-hidden="true">
                <rect className={`fill-${key}`} width="10" height="10" />
              </svg>
              {name}
            </li>
          ))}
        </ul>
        <details className="small">
          <summary>{words.table.asTable}</summary>
          {table}
        </details>
      </figcaption>
    </figure>
  );
}

// Names with a count each; choosing one filters, choosing it again lets go.
export function Bars({
  rows,
  chosen,
  choose,
}: {
  rows: { key: string; name: ReactNode; count: number; layer: string }[];
  chosen: string;
  choose: (key: string) => void;
}) {
  const { language } = useSpoken();
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return (
    <ul className="bars">
      {rows.map(({ key, name, count, layer }) => (
        <li key={key}>
          <button type="button" aria-pressed={chosen === key} onClick={() => choose(chosen === key ? '' : key)}>
            <span>{name}</span>
            <span className="number">{number(count, language)}</span>
            <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
              <rect className={`fill-${layer}`} width={(count / most) * 100} height="4" />
            </svg>
          </button>
        </li>
      ))}
    </ul>
  );
}
