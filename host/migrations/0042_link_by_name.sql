-- An item's links in all mailboxes, by the item's name in Exchange: what an item's history asks for.

CREATE INDEX link_by_exchange_name ON link (tenant, exchange_id);
