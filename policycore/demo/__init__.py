"""A believable university made by a seed: departments, people, groups, chats and labelled violations."""
