"""Five classes 五级分类: every loan graded after each day-end, and why."""
