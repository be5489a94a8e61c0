// Places for marks inside a region's outline. No coordinates of assets are known: marks stand in rows.
import type { RegionFeature } from "../contract";

export type Point = [number, number];

const rings = (feature: RegionFeature): Point[][] =>
  feature.geometry.type === "Polygon"
    ? (feature.geometry.coordinates as Point[][])
    : (feature.geometry.coordinates as Point[][][]).flat();

/** Whether a point is inside by the even-odd rule, and how far it is from the outline. */
function depth([x, y]: Point, outline: Point[][]): number {
  let inside = false;
  let near = Infinity;
  for (const ring of outline) {
    for (let k = 0, before = ring.length - 1; k < ring.length; before = k++) {
      const [ax, ay] = ring[before] as Point;
      const [bx, by] = ring[k] as Point;
      if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
      const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2 || 1);
      const at = Math.min(1, Math.max(0, along));
      near = Math.min(near, Math.hypot(x - ax - at * (bx - ax), y - ay - at * (by - ay)));
    }
  }
  return inside ? near : -near;
}

export interface Box {
  x: number;
  y: number;
  half: number;
  tall: number;
}

/** Where `count` marks stand: as far apart as fits, beside the label, in the order of reading. */
export function spots(feature: RegionFeature, label: Box, count: number): { at: Point[]; apart: number } {
  if (count === 0) return { at: [], apart: 0 };
  const outline = rings(feature);
  const all = outline.flat();
  const [left, right] = [Math.min(...all.map((p) => p[0])), Math.max(...all.map((p) => p[0]))];
  const [top, bottom] = [Math.min(...all.map((p) => p[1])), Math.max(...all.map((p) => p[1]))];
  let best: { at: Point[]; apart: number } = { at: [], apart: 5 };
  for (let apart = 17; apart >= 5; apart -= 1) {
    const found: Point[] = [];
    for (let y = top + apart / 2; y < bottom; y += apart) {
      for (let x = left + apart / 2; x < right; x += apart) {
        const beside =
          Math.abs(x - label.x) > label.half + apart / 2 || Math.abs(y - label.y) > label.tall + apart / 2;
        if (beside && depth([x, y], outline) > apart * 0.62) found.push([x, y]);
      }
    }
    best = { at: nearest(found, label, count), apart };
    if (found.length >= count) break;
  }
  return best;
}

/** Those below the label first, then beside and above it, so that they read as belonging to it. */
function nearest(found: Point[], label: Box, count: number): Point[] {
  const far = ([x, y]: Point) => Math.hypot(x - label.x, (y - label.y) * (y > label.y ? 0.8 : 1.4));
  return [...found]
    .sort((one, other) => far(one) - far(other))
    .slice(0, count)
    .sort((one, other) => one[1] - other[1] || one[0] - other[0]);
}
