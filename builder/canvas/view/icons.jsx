// The icons of the canvas: Lucide, by the names that node types use.
import {
  AlertTriangle, ArrowDown, ArrowLeft, ArrowUp, Bell, BookOpen, Bot, Box, Braces, Brain, Bug, Calculator, Calendar, Check, CheckCheck, ChevronDown,
  ChevronRight, CircleAlert, CircleCheck, CircleHelp, CirclePlay, CircleStop, Clock, Cloud, CloudOff, Code, Combine, Copy, CornerDownRight, Database, ExternalLink, Eye, File,
  FileInput, FileOutput, FileText, Filter, Flag, GitBranch, GitCompare, GitFork, GitMerge, Globe, GripVertical, Hand, Hash, History, Image, Inbox, Keyboard, Layers, Library, Link, List, ListChecks,
  ListTree, LoaderCircle, LogIn, LogOut, Mail, Map as MapIcon, Maximize, Merge, MessageCircle, MessageSquare, Minus, Network, PanelRight, Pencil, Pin, PinOff, Play, Plug, Plus, Redo2, Regex, Repeat,
  Rocket, RotateCw, Route, Scale, Scissors, Search, Send, Settings, Shield, ShieldCheck, Shuffle, SlidersHorizontal, Sparkles, Split, Square, SquareFunction, Star, StepForward, StickyNote, Table,
  Tag, Tags, Text, Timer, Trash2, Type, Undo2, User, UserCheck, Users, Variable, Wand2, Webhook, Workflow, Wrench, X, Zap, ZoomIn, ZoomOut,
} from "lucide-react";

/** @type {Record<string, import("lucide-react").LucideIcon>} */
const BY_NAME = {
  "alert-triangle": AlertTriangle, "arrow-down": ArrowDown, "arrow-left": ArrowLeft, "arrow-up": ArrowUp, bell: Bell, "book-open": BookOpen, bot: Bot, box: Box, braces: Braces, brain: Brain,
  bug: Bug, calculator: Calculator, calendar: Calendar, check: Check, "check-check": CheckCheck, "chevron-down": ChevronDown, "chevron-right": ChevronRight,
  "circle-alert": CircleAlert, "circle-check": CircleCheck, "circle-help": CircleHelp, "circle-play": CirclePlay, "circle-stop": CircleStop, clock: Clock,
  cloud: Cloud, "cloud-off": CloudOff, code: Code, combine: Combine, copy: Copy, "corner-down-right": CornerDownRight, database: Database, "external-link": ExternalLink, eye: Eye, file: File,
  "file-input": FileInput, "file-output": FileOutput, "file-text": FileText, filter: Filter, flag: Flag, "git-branch": GitBranch, "git-compare": GitCompare, "git-fork": GitFork,
  "git-merge": GitMerge, globe: Globe, "grip-vertical": GripVertical, hand: Hand, hash: Hash, history: History, image: Image, inbox: Inbox, keyboard: Keyboard, layers: Layers,
  library: Library, link: Link, list: List, "list-checks": ListChecks, "list-tree": ListTree, loader: LoaderCircle, "log-in": LogIn, "log-out": LogOut,
  mail: Mail, map: MapIcon, maximize: Maximize, merge: Merge, Merge, "message-circle": MessageCircle, "message-square": MessageSquare, minus: Minus, network: Network,
  "panel-right": PanelRight, pencil: Pencil, pin: Pin, "pin-off": PinOff, play: Play, plug: Plug, plus: Plus, redo: Redo2, regex: Regex, repeat: Repeat, rocket: Rocket, "rotate-cw": RotateCw, route: Route,
  scale: Scale, scissors: Scissors, search: Search, send: Send, settings: Settings, shield: Shield, "shield-check": ShieldCheck, shuffle: Shuffle,
  "sliders-horizontal": SlidersHorizontal, sparkles: Sparkles, split: Split, square: Square, "square-function": SquareFunction, star: Star,
  "step-forward": StepForward, "sticky-note": StickyNote, table: Table, tag: Tag, tags: Tags, text: Text, timer: Timer, trash: Trash2, type: Type, undo: Undo2, user: User,
  "user-check": UserCheck, users: Users, variable: Variable, wand: Wand2, "wand-2": Wand2, webhook: Webhook, workflow: Workflow, wrench: Wrench, x: X, zap: Zap,
  "zoom-in": ZoomIn, "zoom-out": ZoomOut,
};

/** An icon by its name; a name nobody knows is drawn as a box. @param {{ name: string, size?: number, className?: string }} props */
export function Icon({ name, size = 16, className }) {
  const Drawn = BY_NAME[name] ?? Box;
  return <Drawn size={size} className={className} aria-hidden />;
}

/** A small button that is only an icon; its label is its tooltip. @param {{ icon: string, label: string, onClick: () => void, disabled?: boolean, pressed?: boolean, keys?: string }} props */
export function IconButton({ icon, label, onClick, disabled = false, pressed, keys }) {
  return (
    <button type="button" className="gl-button gl-button--quiet gl-button--small gl-button--icon" aria-label={label} title={keys ? `${label} (${keys})` : label} aria-pressed={pressed} disabled={disabled} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}
