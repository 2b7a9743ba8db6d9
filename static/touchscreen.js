/* Script of every citizen page: its modules, which the server answers together (kiosk/pages/static_text.py). */

import "./pages.js";
import "./call.js";
import "./scan.js";
import "./slide.js";
