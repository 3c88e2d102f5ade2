// What flows from which source to which purpose: bands as wide as there are data elements, and the same as a table.
import { sankey, sankeyLinkHorizontal } from 'd3-sankey';
import { number } from '../words/format';
import { useSpoken } from '../words/words';
import { Badge } from './basic';
import { Table } from './table';

export interface FlowOf {
  from: string;
  to: string;
  count: number;
  open: boolean;
}

interface Node {
  id: string;
  name: string;
}
interface Band {
  source: string;
  target: string;
  value: number;
  open: boolean;
}

const width = 760;
const nodeWidth = 10;
const labelRoom = 230;

export function Flow({ title, flows }: { title: string; flows: FlowOf[] }) {
  const { words, language } = useSpoken();
  if (flows.length === 0) return null;
  const froms = [...new Set(flows.map(({ from }) => from))];
  const tos = [...new Set(flows.map(({ to }) => to))];
  const height = Math.max(120, Math.max(froms.length, tos.length) * 56);
  const { nodes, links } = sankey<Node, Band>()
    .nodeId(({ id }) => id)
    .nodeWidth(nodeWidth)
    .nodePadding(24)
    .extent([
      [labelRoom, 12],
      [width - labelRoom, height - 12],
    ])({
    nodes: [...froms.map((name) => ({ id: `from ${name}`, name })), ...tos.map((name) => ({ id: `to ${name}`, name }))],
    links: flows.map((each) => ({ source: `from ${each.from}`, target: `to ${each.to}`, value: Math.max(1, each.count), open: each.open })),
  });
  const line = sankeyLinkHorizontal<Node, Band>();
  const short = (name: string) => (name.length > 36 ? `${name.slice(0, 34)}…` : name);
  return (
    <figure className="flow" tabIndex={0} aria-label={title}>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
        {links.map((link) => (
          <path key={`${link.index}`} className={link.open ? '' : 'closed'} d={line(link) ?? ''} strokeWidth={Math.max(2, link.width ?? 0)} />
        ))}
        {nodes.map((node) => {
          const isFrom = node.id.startsWith('from ');
          const middle = ((node.y0 ?? 0) + (node.y1 ?? 0)) / 2;
          return (
            <g key={node.id}>
              <rect className="node" x={node.x0} y={node.y0} width={nodeWidth} height={Math.max(2, (node.y1 ?? 0) - (node.y0 ?? 0))} />
              <text x={isFrom ? (node.x0 ?? 0) - 8 : (node.x1 ?? 0) + 8} y={middle + 4} textAnchor={isFrom ? 'end' : 'start'}>
                {short(node.name)}
              </text>
            </g>
          );
        })}
      </svg>
      <figcaption>
        <details className="small">
          <summary>{words.table.asTable}</summary>
          <Table
            caption={title}
            rows={flows}
            rowKey={(each) => each.from + each.to}
            columns={[
              { name: words.linkages.source, cell: ({ from }) => from },
              { name: words.linkages.purpose, cell: ({ to }) => to },
              { name: words.linkages.elements, cell: ({ count }) => number(count, language), number: true },
              {
                name: words.linkages.open,
                cell: ({ open }) => <Badge tone={open ? 'success' : 'danger'}>{open ? words.linkages.flows : words.linkages.stopped}</Badge>,
              },
            ]}
          />
        </details>
      </figcaption>
    </figure>
  );
}
