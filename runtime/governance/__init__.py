"""What may be, judged from facts alone: pure functions over what others have gathered. In reading order: `policies`
(every rule that can be changed), `manifest` (what a version depends on), `facts` (all that is known of a document),
`checks` (one file each), `tiers` (how much risk), `materiality` (which change is read first)."""
