"""Better plans for a whole day: ruin and recreate in compiled loops, tours combined by set partitioning."""
