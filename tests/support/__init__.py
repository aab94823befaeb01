"""What tests share: a reader of pages with the house rules, and a plain Buddy that records what it is sent."""
