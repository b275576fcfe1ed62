-- Requests for information by when they were sent, to be counted by quarter.
CREATE INDEX message_request ON message (at) WHERE body ->> '$.kind' = 'request';
