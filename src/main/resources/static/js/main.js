// Brings the page to life. Without this file everything still works, by forms and reloads.
import { follow } from "./stream.js";
import { startForms } from "./forms.js";
import { startKeyboard } from "./keyboard.js";
import { startTheme } from "./theme.js";
import { startRing } from "./ring.js";
import { startTrace } from "./trace.js";
import { startParts } from "./parts.js";
import { startTimeline } from "./timeline.js";
import { startCharts } from "./charts.js";

startTheme();
startForms();
startKeyboard();
startRing();
startTrace();
startParts();
startTimeline();
startCharts();
follow();
