// On the pages where people work: an alarm that nobody took comes on top without a reload.
import { Urgent } from "./urgent.js";

const EVERY_MS = 20_000;

new Urgent().keepLooking(EVERY_MS);
