// `npm run bench -- charts`: what the kernel needs for a chart of a thousand marks of each type: picture, table and data.
import { duration } from "../../../kernel/display/chart/format.ts";
import { chartTimes } from "../measure/charts.ts";

for (const [type, seconds] of Object.entries(chartTimes())) {
  console.log(
    `${type.padEnd(10)} ${duration(seconds).padStart(8)}  ${seconds < 0.005 ? "under" : "OVER"} 5 ms`,
  );
}
