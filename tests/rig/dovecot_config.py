"""The configuration of the private Dovecot, for version 2.3: all of it, nothing of the system's."""

CONFIGURATION = """\
protocols = imap
listen = {loopback}
base_dir = {directory}/run
state_dir = {directory}/state
log_path = {directory}/log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_location = {location}
mail_fsync = never
mail_max_userip_connections = 200
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_failure_delay = 0
auth_mechanisms = plain login{oauth_mechanisms}
namespace inbox {{
  inbox = yes
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
passdb {{
  driver = static
  args = password={password}
  mechanisms = plain login none
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={directory}/mail/%u
}}
{oauth}
{extra}
"""

OAUTH = """\
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {directory}/oauth2.conf
}}
"""

OAUTH_PASSDB = """\
introspection_mode = post
introspection_url = {url}
username_attribute = username
active_attribute = active
active_value = true
"""
