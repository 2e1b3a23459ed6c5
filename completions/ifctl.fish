# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_ifctl_global_optspecs
    string join \n endpoints= namespace= command-timeout= user= password= cacert= cert= key= o/output= v/verbose h/help V/version
end

function __fish_ifctl_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_ifctl_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_ifctl_using_subcommand
    set -l cmd (__fish_ifctl_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c ifctl -n "__fish_ifctl_needs_command" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_needs_command" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_needs_command" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_needs_command" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_needs_command" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_needs_command" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_needs_command" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_needs_command" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_needs_command" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_needs_command" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_needs_command" -s V -l version -d 'Print version'
complete -c ifctl -n "__fish_ifctl_needs_command" -f -a "coordinator" -d 'Tasks: submitted, claimed exactly once, pushed, completed'
complete -c ifctl -n "__fish_ifctl_needs_command" -f -a "governor" -d 'Swarms, their capabilities, their money'
complete -c ifctl -n "__fish_ifctl_needs_command" -f -a "chassis" -d 'Untrusted code: contracts, the sandbox, what it measured'
complete -c ifctl -n "__fish_ifctl_needs_command" -f -a "fence" -d 'Tokens, for what lies outside the store'
complete -c ifctl -n "__fish_ifctl_needs_command" -f -a "demo" -d 'Watch seven swarms share out a real backlog: starts everything it needs, and ends it again'
complete -c ifctl -n "__fish_ifctl_needs_command" -f -a "completions" -d 'Write the completion script of a shell to standard output'
complete -c ifctl -n "__fish_ifctl_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "start" -d 'Run a coordinator in the foreground; prints one JSON line when it is ready'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "status" -d 'Show what the coordinator and its store say of themselves'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "health" -d 'Say whether the coordinator works: exit 0, or 10 and what is wrong'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "snapshot" -d 'Save everything that the running store holds in a file'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "restore" -d 'Make the store of an engine out of a snapshot; tokens from before are stale in it'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "swarms" -d 'List swarms, their workers and their money'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "tasks" -d 'List tasks'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "submit" -d 'Submit one task, or a file of them'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "show" -d 'Show one task with its holder, attempts, payload and result'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "watch" -d 'Print every event of tasks and swarms as one JSON document a line, until interrupted'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "wait" -d 'Wait until tasks have ended: exit 0 when all are completed, 9 when one failed, was given up or canceled'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "claim" -d 'Claim a task, or the next one; prints the token that proves it'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "heartbeat" -d 'Give a sign of life: renews the claim'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "progress" -d 'Say how far the work is: a sign of life, and that it gets on'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "complete" -d 'Report the work as done'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "fail" -d 'Report that the attempt failed'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "release" -d 'Give the task back unfinished'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "block" -d 'Say that the attempt cannot go on without help'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "unblock" -d 'Say that a task can go on that is blocked, or waits for one that failed'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "cancel" -d 'Call a task off, whoever works on it'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "retry" -d 'Try a task again that was given up, as often as in the beginning'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "mail" -d 'Send messages to swarms, and read one\'s own'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "listen" -d 'Stay connected and print every push as one JSON document a line'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "bench" -d 'Measure claims and pushes on this store; leaves nothing behind'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "work" -d 'Make any executable a worker: task as JSON on its standard input, result from its standard output'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and not __fish_seen_subcommand_from start status health snapshot restore swarms tasks submit show watch wait claim heartbeat progress complete fail release block unblock cancel retry mail listen bench work help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from start" -l backend -d 'What holds the data' -r -f -a "engine\t'The engine in this process: an etcd v3 server over one directory'
etcd\t'An etcd that runs elsewhere, at --host'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from start" -l host -d 'Where the etcd is, host:port[,host:port] [default: what --endpoints says]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from start" -l listen -d 'Where the engine listens; port 0 takes any free one. Addresses that others can reach need TLS and authentication [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from start" -l cert-file -d 'The engine\'s certificate, in PEM form; it speaks nothing but TLS then' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from start" -l key-file -d 'The key of the certificate' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from start" -l trusted-ca-file -d 'Let in only clients with a certificate that one of these authorities has signed' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from start" -l data-dir -d 'The engine\'s directory [default: ~/.if/coordinator]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from start" -l auto-compaction-retention -d 'How long the engine keeps history; 0 keeps all of it. Of more than 5 million revisions or 4 GiB the oldest go earlier [default: 1h]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from start" -l policy -d 'The policy; what changes in the file later is followed [default: ~/.if/governor/policy.yaml if it is there, else the built-in one]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from start" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from start" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from start" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from start" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from start" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from start" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from start" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from start" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from start" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from start" -l client-cert-auth -d 'Ask every client for a certificate; as in etcd, --trusted-ca-file alone does so too'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from start" -l insecure-listen -d 'Listen for others without TLS or without authentication: whoever can reach the address can then read, change and delete everything'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from start" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from start" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from status" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from status" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from status" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from status" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from status" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from status" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from status" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from status" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from status" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from health" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from health" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from health" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from health" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from health" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from health" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from health" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from health" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from health" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from health" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from health" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from snapshot" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from snapshot" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from snapshot" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from snapshot" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from snapshot" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from snapshot" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from snapshot" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from snapshot" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from snapshot" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from snapshot" -l force -d 'Replace the file if it is there'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from snapshot" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from snapshot" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from restore" -l data-dir -d 'The directory, which must have no store yet [default: ~/.if/coordinator]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from restore" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from restore" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from restore" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from restore" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from restore" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from restore" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from restore" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from restore" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from restore" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from restore" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from restore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from swarms" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from swarms" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from swarms" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from swarms" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from swarms" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from swarms" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from swarms" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from swarms" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from swarms" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from swarms" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from swarms" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from tasks" -l state -d 'Only tasks in this state, such as submitted, working, input-required or completed' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from tasks" -l owner -d 'Only tasks of this swarm' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from tasks" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from tasks" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from tasks" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from tasks" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from tasks" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from tasks" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from tasks" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from tasks" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from tasks" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from tasks" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from tasks" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l file -d 'A file of tasks, YAML or JSON; - for standard input' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l title -d 'What it is, in a line' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l capabilities -d 'What a swarm must be able to do, domain:skill[,domain:skill]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l priority -d '0 to 9; 9 goes first' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l depends-on -d 'Tasks that must be completed before' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l not-before -d 'Not to be begun before: a moment, or a time from now such as 10m' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l deadline -d 'To be done before: a moment, or a time from now such as 10m; afterwards it has failed' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l stall-after -d 'How long its holder may go without progress before a human is told [default: what the policy says]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l on-dependency-failure -d 'What becomes of it when a task that it waits for fails or is canceled [default: block]' -r -f -a "block\t''
cancel\t''
run\t''"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l estimated-hours -d 'How long it should take, in hours' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l max-cost -d 'The most one attempt may cost, in dollars' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l max-attempts -d 'How many attempts there may be [default: what the policy says]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l direct-to -d 'Only this swarm may work on it' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l payload -d 'What the worker gets, as text' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l payload-file -d 'What the worker gets, from a file; - for standard input' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l idempotency-key -d 'Submitting again with the same key changes nothing' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l by -d 'In whose name [default: the swarm of this worker, else you]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from submit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from show" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from show" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from show" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from show" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from show" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from show" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from show" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from show" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from watch" -l since -d 'Begin with what this revision brought about [default: what comes]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from watch" -l task -d 'Only events of this task' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from watch" -l swarm -d 'Only events of this swarm and of the tasks that it has' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from watch" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from watch" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from watch" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from watch" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from watch" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from watch" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from watch" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from watch" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from watch" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from watch" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from watch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from wait" -l timeout -d 'How long to wait at most; 0 looks once [default: for ever]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from wait" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from wait" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from wait" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from wait" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from wait" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from wait" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from wait" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from wait" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from wait" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from wait" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from claim" -l wait -d 'How long to wait for one; 0 looks once' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from claim" -l swarm -d 'Who claims it' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from claim" -l ttl -d 'How long the claim lasts without a heartbeat' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from claim" -l idempotency-key -d 'Claiming again with the same key gives the same token' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from claim" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from claim" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from claim" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from claim" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from claim" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from claim" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from claim" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from claim" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from claim" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from claim" -l next -d 'Claim the best ready task of the swarm, as the coordinator hands it out'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from claim" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from claim" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from heartbeat" -l token -d 'What `claim` printed' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from heartbeat" -l note -d 'How far the work is, in words: then it is a sign of progress too' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from heartbeat" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from heartbeat" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from heartbeat" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from heartbeat" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from heartbeat" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from heartbeat" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from heartbeat" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from heartbeat" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from heartbeat" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from heartbeat" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from heartbeat" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from progress" -l token -d 'What `claim` printed' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from progress" -l note -d 'How far the work is, in words' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from progress" -l percent -d 'How far the work is, in hundredths [default: as said before]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from progress" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from progress" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from progress" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from progress" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from progress" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from progress" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from progress" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from progress" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from progress" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from progress" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from progress" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from complete" -l token -d 'What `claim` printed' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from complete" -l result -d 'What the work produced, as text' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from complete" -l result-file -d 'What the work produced, from a file; - for standard input' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from complete" -l cost -d 'What it cost in dollars [default: what was set aside]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from complete" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from complete" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from complete" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from complete" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from complete" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from complete" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from complete" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from complete" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from complete" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from complete" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from complete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from fail" -l token -d 'What `claim` printed' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from fail" -l message -d 'What happened' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from fail" -l class -d 'A short word for the kind of failure' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from fail" -l cost -d 'What it cost in dollars [default: what was set aside]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from fail" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from fail" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from fail" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from fail" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from fail" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from fail" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from fail" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from fail" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from fail" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from fail" -l retryable -d 'Trying again may help'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from fail" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from fail" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from release" -l token -d 'What `claim` printed' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from release" -l cost -d 'What it has cost in dollars' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from release" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from release" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from release" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from release" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from release" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from release" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from release" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from release" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from release" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from release" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from release" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from block" -l token -d 'What `claim` printed' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from block" -l needs -d 'What a helper must be able to do, domain:skill[,domain:skill]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from block" -l description -d 'The question' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from block" -l cost -d 'What it has cost in dollars so far' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from block" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from block" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from block" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from block" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from block" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from block" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from block" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from block" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from block" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from block" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from block" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from unblock" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from unblock" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from unblock" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from unblock" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from unblock" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from unblock" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from unblock" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from unblock" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from unblock" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from unblock" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from unblock" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from cancel" -l reason -d 'Why' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from cancel" -l cost -d 'What the present attempt has cost in dollars' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from cancel" -l by -d 'In whose name [default: the swarm of this worker, else you]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from cancel" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from cancel" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from cancel" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from cancel" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from cancel" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from cancel" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from cancel" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from cancel" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from cancel" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from cancel" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from cancel" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from retry" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from retry" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from retry" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from retry" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from retry" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from retry" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from retry" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from retry" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from retry" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from retry" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from retry" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from mail" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from mail" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from mail" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from mail" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from mail" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from mail" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from mail" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from mail" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from mail" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from mail" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from mail" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from mail" -f -a "send" -d 'Put a message into a mailbox, where it is kept until it was read'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from mail" -f -a "read" -d 'Print the messages of a mailbox, one JSON document a line; each is deleted when it was printed'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from mail" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from listen" -l swarm -d 'The swarm it belongs to' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from listen" -l slots -d 'How many tasks it takes at a time' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from listen" -l session-ttl -d 'How long it may be silent before its tasks go to others' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from listen" -l since -d 'Begin with what was pushed to the swarm from this revision on: messages, and assignments that are still held' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from listen" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from listen" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from listen" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from listen" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from listen" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from listen" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from listen" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from listen" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from listen" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from listen" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from listen" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from bench" -l duration -d 'How long each of the two measurements lasts' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from bench" -l clients -d 'How many clients claim at the same time' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from bench" -l watchers -d 'How many workers are connected while tasks are pushed, one at a time' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from bench" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from bench" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from bench" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from bench" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from bench" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from bench" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from bench" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from bench" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from bench" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from bench" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from bench" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from work" -l swarm -d 'The swarm it belongs to' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from work" -l slots -d 'How many tasks it takes at a time' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from work" -l session-ttl -d 'How long it may be silent before its tasks go to others' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from work" -l grace -d 'How long the program may take to end after SIGTERM, before SIGKILL: when its task is lost, or the worker ends' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from work" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from work" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from work" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from work" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from work" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from work" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from work" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from work" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from work" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from work" -l pull -d 'Claim tasks in a race with everybody else, instead of being assigned'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from work" -l once -d 'End after the first task'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from work" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from work" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "start" -d 'Run a coordinator in the foreground; prints one JSON line when it is ready'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show what the coordinator and its store say of themselves'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "health" -d 'Say whether the coordinator works: exit 0, or 10 and what is wrong'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "snapshot" -d 'Save everything that the running store holds in a file'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "restore" -d 'Make the store of an engine out of a snapshot; tokens from before are stale in it'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "swarms" -d 'List swarms, their workers and their money'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "tasks" -d 'List tasks'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "submit" -d 'Submit one task, or a file of them'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one task with its holder, attempts, payload and result'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "watch" -d 'Print every event of tasks and swarms as one JSON document a line, until interrupted'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "wait" -d 'Wait until tasks have ended: exit 0 when all are completed, 9 when one failed, was given up or canceled'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "claim" -d 'Claim a task, or the next one; prints the token that proves it'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "heartbeat" -d 'Give a sign of life: renews the claim'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "progress" -d 'Say how far the work is: a sign of life, and that it gets on'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "complete" -d 'Report the work as done'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "fail" -d 'Report that the attempt failed'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "release" -d 'Give the task back unfinished'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "block" -d 'Say that the attempt cannot go on without help'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "unblock" -d 'Say that a task can go on that is blocked, or waits for one that failed'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "cancel" -d 'Call a task off, whoever works on it'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "retry" -d 'Try a task again that was given up, as often as in the beginning'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "mail" -d 'Send messages to swarms, and read one\'s own'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "listen" -d 'Stay connected and print every push as one JSON document a line'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "bench" -d 'Measure claims and pushes on this store; leaves nothing behind'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "work" -d 'Make any executable a worker: task as JSON on its standard input, result from its standard output'
complete -c ifctl -n "__fish_ifctl_using_subcommand coordinator; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -f -a "register" -d 'Register a swarm, or change what is known of it; what it has spent stays spent'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -f -a "unregister" -d 'Take back a swarm\'s profile and capabilities; what it has spent and earned stays'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -f -a "show" -d 'Show everything about one swarm'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -f -a "capabilities" -d 'Show who can do what, and what open tasks need that nobody can do; reads every profile and task'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -f -a "find-help" -d 'Find the swarm that suits best; exit 3 when nobody qualifies'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -f -a "request-help" -d 'Look for help for a blocked task, as happens by itself when it blocks; exit 3 when nobody qualifies'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -f -a "set-budgets" -d 'Set budgets, those of all swarms or of some; exit 6 when one is below what is spent or reserved, and stays'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -f -a "charge" -d 'Charge a swarm for an operation; exit 6 when its budget has too little left, and its breaker opens'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -f -a "budgets" -d 'List budgets and circuit breakers'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -f -a "circuit-breakers" -d 'List the circuit breakers that have ever opened'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -f -a "trip-circuit-breaker" -d 'Open a circuit breaker: no work passes until a person resets it'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -f -a "reset-circuit-breaker" -d 'Close a circuit breaker; a person must approve it'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -f -a "escalations" -d 'Calls for a human: list them, look after them, settle them'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -f -a "policy" -d 'Show, check, compare and apply policies'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -f -a "rails" -d 'Choose among providers that serve the same purpose, by how they have done'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -f -a "rates" -d 'Check and show what calls cost by what their answers say was used; exit 2 names the first error of the file'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and not __fish_seen_subcommand_from register unregister show capabilities find-help request-help set-budgets charge budgets circuit-breakers trip-circuit-breaker reset-circuit-breaker escalations policy rails rates help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from register" -l capabilities -d 'What it can do, domain:skill[,domain:skill]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from register" -l cost-per-hour -d 'What an hour of it costs, in dollars' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from register" -l budget -d 'What it may spend, in dollars [default: what it has, else what the policy says]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from register" -l period -d 'How often its budget begins anew, by the calendar in UTC: hour, day, week, month, or never [default: as said before, else never]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from register" -l model -d 'The model behind it' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from register" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from register" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from register" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from register" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from register" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from register" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from register" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from register" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from register" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from register" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from register" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from unregister" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from unregister" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from unregister" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from unregister" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from unregister" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from unregister" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from unregister" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from unregister" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from unregister" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from unregister" -l force -d 'Also while it holds tasks or has connected workers; they go on with what they have begun'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from unregister" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from unregister" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from show" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from show" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from show" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from show" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from show" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from show" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from show" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from show" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from capabilities" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from capabilities" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from capabilities" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from capabilities" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from capabilities" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from capabilities" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from capabilities" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from capabilities" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from capabilities" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from capabilities" -l gaps -d 'Only what open tasks need and nobody offers'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from capabilities" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from capabilities" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from find-help" -l required -d 'What must be done, domain:skill[,domain:skill]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from find-help" -l max-cost -d 'The most it may cost, in dollars [default: what the policy allows for one task]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from find-help" -l hours -d 'How long it should take, in hours' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from find-help" -l exclude -d 'Not to be asked, SWARM[,SWARM]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from find-help" -l limit -d 'Show no more than so many candidates, the best ones' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from find-help" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from find-help" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from find-help" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from find-help" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from find-help" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from find-help" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from find-help" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from find-help" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from find-help" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from find-help" -l explain -d 'Show every candidate, and what spoke against it'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from find-help" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from find-help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from request-help" -l needs -d 'What a helper must be able to do, domain:skill[,domain:skill] [default: what the blocked swarm has said]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from request-help" -l description -d 'The question [default: as the blocked swarm has put it]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from request-help" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from request-help" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from request-help" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from request-help" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from request-help" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from request-help" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from request-help" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from request-help" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from request-help" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from request-help" -l dry-run -d 'Only say who would be asked'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from request-help" -l explain -d 'Show everybody who offers what is needed, and why it is asked or not'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from request-help" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from request-help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from set-budgets" -l default-budget -d 'For every registered swarm that FILE does not name, and for newcomers, in dollars' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from set-budgets" -l per-swarm -d 'A YAML file of swarms with their dollars, such as `builder: 25.0`' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from set-budgets" -l overall -d 'For all swarms with a budget together, from now on, in dollars' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from set-budgets" -l task -d 'For one task and the help for it, whoever works on it; may be given again' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from set-budgets" -l period -d 'How often these budgets begin anew, by the calendar in UTC: hour, day, week, month, or never; alone, those of all swarms' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from set-budgets" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from set-budgets" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from set-budgets" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from set-budgets" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from set-budgets" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from set-budgets" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from set-budgets" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from set-budgets" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from set-budgets" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from set-budgets" -l no-overall -d 'All swarms together may spend what each of them may'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from set-budgets" -l dry-run -d 'Only show what would change'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from set-budgets" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from set-budgets" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from charge" -l operation -d 'What for, in words' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from charge" -l cost -d 'How much, in dollars' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from charge" -l task -d 'The task it is spent on: what was set aside for it comes first' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from charge" -l token -d 'What `claim` printed' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from charge" -l idempotency-key -d 'Charging again with the same key books nothing more; for a claim its own keys count' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from charge" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from charge" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from charge" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from charge" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from charge" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from charge" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from charge" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from charge" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from charge" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from charge" -l incurred -d 'It is gone already: booked in full, whatever the budget says'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from charge" -l total -d 'It is all that a claim has cost that has ended: what was booked for that is corrected'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from charge" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from charge" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from budgets" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from budgets" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from budgets" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from budgets" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from budgets" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from budgets" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from budgets" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from budgets" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from budgets" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from budgets" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from budgets" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from circuit-breakers" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from circuit-breakers" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from circuit-breakers" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from circuit-breakers" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from circuit-breakers" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from circuit-breakers" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from circuit-breakers" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from circuit-breakers" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from circuit-breakers" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from circuit-breakers" -l open -d 'Leave out those that are closed'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from circuit-breakers" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from circuit-breakers" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from trip-circuit-breaker" -l reason -d 'Why, for whoever is to reset it' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from trip-circuit-breaker" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from trip-circuit-breaker" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from trip-circuit-breaker" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from trip-circuit-breaker" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from trip-circuit-breaker" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from trip-circuit-breaker" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from trip-circuit-breaker" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from trip-circuit-breaker" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from trip-circuit-breaker" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from trip-circuit-breaker" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from trip-circuit-breaker" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from reset-circuit-breaker" -l approved-by -d 'Who approves it; needed where nobody can be asked [default: you, once you have said yes]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from reset-circuit-breaker" -l reason -d 'Why; needed where nobody can be asked' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from reset-circuit-breaker" -l new-budget -d 'What the swarm may spend in all from now on, in dollars; needed when its money is spent' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from reset-circuit-breaker" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from reset-circuit-breaker" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from reset-circuit-breaker" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from reset-circuit-breaker" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from reset-circuit-breaker" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from reset-circuit-breaker" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from reset-circuit-breaker" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from reset-circuit-breaker" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from reset-circuit-breaker" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from reset-circuit-breaker" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from reset-circuit-breaker" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from escalations" -l state -d 'Only those that have come so far' -r -f -a "triggered\t'Nobody has answered'
acknowledged\t'Somebody looks after it'
resolved\t'It is settled'"
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from escalations" -l swarm -d 'Only those about this swarm' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from escalations" -l task -d 'Only those about this task' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from escalations" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from escalations" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from escalations" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from escalations" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from escalations" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from escalations" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from escalations" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from escalations" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from escalations" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from escalations" -l all -d 'Those that are resolved too'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from escalations" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from escalations" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from escalations" -f -a "list" -d 'List what people are called for, oldest first; what is resolved only with --all'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from escalations" -f -a "show" -d 'Show one call, who has answered it, and how far each channel has taken it'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from escalations" -f -a "ack" -d 'Say that you look after it: it is not sent again'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from escalations" -f -a "resolve" -d 'Say that it is settled'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from escalations" -f -a "test" -d 'Send a message of no consequence by each channel, with the secrets of this shell; exit 9 when one fails'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from escalations" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from policy" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from policy" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from policy" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from policy" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from policy" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from policy" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from policy" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from policy" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from policy" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from policy" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from policy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from policy" -f -a "show" -d 'Show the policy in force, as a policy file that says where it came from'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from policy" -f -a "validate" -d 'Check policy files; exit 2 names the first error of each that is none'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from policy" -f -a "diff" -d 'Show where a policy file differs from what is in force'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from policy" -f -a "apply" -d 'Put a policy in force and register the swarms it declares, until the leading coordinator\'s file changes'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from policy" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rails" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rails" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rails" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rails" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rails" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rails" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rails" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rails" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rails" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rails" -l explain -d 'Show the parts of each score, and what speaks against a provider'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rails" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rails" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rails" -a "show" -d 'List providers with what is known of them'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rails" -a "choose" -d 'Name the provider to use; exit 6 when every circuit breaker is open'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rails" -a "record" -d 'Report how the use of a provider ended'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rails" -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rates" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rates" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rates" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rates" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rates" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rates" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rates" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rates" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rates" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rates" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from rates" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from help" -f -a "register" -d 'Register a swarm, or change what is known of it; what it has spent stays spent'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from help" -f -a "unregister" -d 'Take back a swarm\'s profile and capabilities; what it has spent and earned stays'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show everything about one swarm'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from help" -f -a "capabilities" -d 'Show who can do what, and what open tasks need that nobody can do; reads every profile and task'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from help" -f -a "find-help" -d 'Find the swarm that suits best; exit 3 when nobody qualifies'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from help" -f -a "request-help" -d 'Look for help for a blocked task, as happens by itself when it blocks; exit 3 when nobody qualifies'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from help" -f -a "set-budgets" -d 'Set budgets, those of all swarms or of some; exit 6 when one is below what is spent or reserved, and stays'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from help" -f -a "charge" -d 'Charge a swarm for an operation; exit 6 when its budget has too little left, and its breaker opens'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from help" -f -a "budgets" -d 'List budgets and circuit breakers'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from help" -f -a "circuit-breakers" -d 'List the circuit breakers that have ever opened'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from help" -f -a "trip-circuit-breaker" -d 'Open a circuit breaker: no work passes until a person resets it'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from help" -f -a "reset-circuit-breaker" -d 'Close a circuit breaker; a person must approve it'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from help" -f -a "escalations" -d 'Calls for a human: list them, look after them, settle them'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from help" -f -a "policy" -d 'Show, check, compare and apply policies'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from help" -f -a "rails" -d 'Choose among providers that serve the same purpose, by how they have done'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from help" -f -a "rates" -d 'Check and show what calls cost by what their answers say was used; exit 2 names the first error of the file'
complete -c ifctl -n "__fish_ifctl_using_subcommand governor; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -f -a "compile" -d 'Make a guest of a file in Python or C'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -f -a "load" -d 'Put a swarm\'s code under a contract'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -f -a "unload" -d 'End a swarm\'s contract: what it alone offers is taken back, its code leaves this host'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -f -a "list" -d 'List what is loaded, and whether its code is on this host'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -f -a "contract" -d 'Show the contract in force, and what was weakened since; as YAML unless told otherwise'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -f -a "exec" -d 'Run one task in the sandbox: JSON from standard input, the answer to standard output'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -f -a "run" -d 'Run one task in a container, under the same contract: JSON from standard input, the answer to standard output'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -f -a "serve" -d 'Run the tasks that the coordinator pushes to swarms in the sandbox of this host'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -f -a "performance" -d 'Show how a swarm\'s tasks went, held against the promises of its contract'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -f -a "resources" -d 'Show what swarms may use, use now, and have used at most'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -f -a "logs" -d 'Show what a swarm\'s guests have logged on this host'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -f -a "calls" -d 'Show what swarms have called outside, provider by provider: how often, how much, how long, at what cost'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -f -a "reputation" -d 'Show what swarms are worth to the governor, and how that comes about'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -f -a "credentials" -d 'Issue a credential, with which one task may call some of what its contract allows; list them, take them back'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -f -a "secrets" -d 'Secrets of this host that contracts have sent to services, and that no guest ever sees'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and not __fish_seen_subcommand_from compile load unload list contract exec run serve performance resources logs calls reputation credentials secrets help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from compile" -l wasm -d 'Where the guest is to be, also as --output FILE [default: beside the file, with .wasm at the end of its name]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from compile" -l timeout -d 'How long the tool may take, in seconds' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from compile" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from compile" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from compile" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from compile" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from compile" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from compile" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from compile" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from compile" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from compile" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from compile" -l without-sandbox -d 'Run the tool with all your rights: the file can then read and change whatever you can'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from compile" -s q -l quiet -d 'Show no progress'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from compile" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from compile" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from load" -l wasm -d 'The code: a WebAssembly module, binary or text [default: that of the contract; none if it has a container only]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from load" -l contract -d 'The contract, in YAML' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from load" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from load" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from load" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from load" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from load" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from load" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from load" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from load" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from load" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from load" -l replace -d 'Also an older version, other code under the same version or weaker terms than those in force; recorded'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from load" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from load" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from unload" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from unload" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from unload" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from unload" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from unload" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from unload" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from unload" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from unload" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from unload" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from unload" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from unload" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from list" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from list" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from list" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from list" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from list" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from list" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from list" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from list" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from contract" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from contract" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from contract" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from contract" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from contract" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from contract" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from contract" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from contract" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from contract" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from contract" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from contract" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from exec" -l task-id -d 'The task, for the record; one of somebody else that the swarm works on counts for its reputation' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from exec" -l token -d 'The token of its claim: what the task calls outside is paid from what was set aside for it' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from exec" -l credential -d 'The handle of a credential, which narrows what the task may call outside; better in the environment, for everybody on this machine can read arguments [default: one of its own, with all that the contract allows]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from exec" -l ttl -d 'How long a task\'s own credential lasts, in seconds, and with it the task [default: as long as the task may]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from exec" -l allow-urls -d 'The URLs a task may call, with all that lies below them [default: all that the contract allows]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from exec" -l methods -d 'The methods it may use [default: all that the contract allows]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from exec" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from exec" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from exec" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from exec" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from exec" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from exec" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from exec" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from exec" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from exec" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from exec" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from exec" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from run" -l runtime -d 'What runs it, docker or podman [default: docker, where it is not installed podman]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from run" -l memory-limit -d 'How much memory it has, such as 256m [default, and at most: what the contract allows]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from run" -l cpu-limit -d 'Its share of a core, such as 0.25 [default, and at most: what the contract allows]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from run" -l image -d 'What it runs in, an image that is on this host [default: that of the contract]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from run" -l task-id -d 'The task, for the record; one of somebody else that the swarm works on counts for its reputation' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from run" -l token -d 'The token of its claim: calls are paid from what was set aside for it, and the container ends with it' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from run" -l credential -d 'The handle of a credential, which narrows what the task may call outside; better in the environment, for everybody on this machine can read arguments [default: one of its own, with all that the contract allows]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from run" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from run" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from run" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from run" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from run" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from run" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from run" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from run" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from run" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from run" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from serve" -l slots -d 'How many tasks of one swarm run at a time; by default contracts give each a quarter of a core' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from serve" -l session-ttl -d 'How long it may be silent before its tasks go to others' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from serve" -l grace -d 'How long running tasks may go on after SIGTERM, before they are given back' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from serve" -l max-memory-mb -d 'How much memory the contracts of all running tasks together may allow, in MiB; others wait [default: no limit]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from serve" -l ttl -d 'How long a task\'s own credential lasts, in seconds, and with it the task [default: as long as the task may]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from serve" -l allow-urls -d 'The URLs a task may call, with all that lies below them [default: all that the contract allows]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from serve" -l methods -d 'The methods it may use [default: all that the contract allows]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from serve" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from serve" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from serve" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from serve" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from serve" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from serve" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from serve" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from serve" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from serve" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from serve" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from performance" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from performance" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from performance" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from performance" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from performance" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from performance" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from performance" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from performance" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from performance" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from performance" -l watch -d 'Show it anew whenever a task ends: in place on a terminal, else one JSON document a line'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from performance" -l history -d 'Show the last hours and minutes instead'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from performance" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from performance" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from resources" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from resources" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from resources" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from resources" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from resources" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from resources" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from resources" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from resources" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from resources" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from resources" -s w -l watch -d 'Go on showing it until interrupted: on a terminal with the last minute, elsewhere a line of JSON for each change'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from resources" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from resources" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from logs" -l task -d 'Only lines of this task' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from logs" -l since -d 'Only lines since then: 10m ago, or 2026-03-01T12:00:00Z' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from logs" -s n -l lines -d 'Only so many of the lines that there are, the newest' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from logs" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from logs" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from logs" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from logs" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from logs" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from logs" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from logs" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from logs" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from logs" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from logs" -s f -l follow -d 'Go on with what comes, until interrupted'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from logs" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from logs" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from calls" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from calls" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from calls" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from calls" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from calls" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from calls" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from calls" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from calls" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from calls" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from calls" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from calls" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from reputation" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from reputation" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from reputation" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from reputation" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from reputation" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from reputation" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from reputation" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from reputation" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from reputation" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from reputation" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from reputation" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from credentials" -l task-id -d 'The task it is for' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from credentials" -l ttl -d 'How long it lasts, in seconds' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from credentials" -l urls -d 'The URLs it is for, with all that lies below them; also --endpoints, as the original design has it, which is therefore no option of the store here [default: all that the contract allows]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from credentials" -l methods -d 'The methods it is for [default: all that the contract allows]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from credentials" -l secret -d 'The secrets that go with its calls [default: all that the contract sends]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from credentials" -l revoke -d 'Take back this one, from this moment on' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from credentials" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from credentials" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from credentials" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from credentials" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from credentials" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from credentials" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from credentials" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from credentials" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from credentials" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from credentials" -l list -d 'List the swarm\'s credentials, or those for the task'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from credentials" -l all -d 'Take back all of the swarm\'s, or all for the task'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from credentials" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from credentials" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from secrets" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from secrets" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from secrets" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from secrets" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from secrets" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from secrets" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from secrets" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from secrets" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from secrets" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from secrets" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from secrets" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from secrets" -f -a "set" -d 'Set a secret: from standard input, or asked for at a terminal'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from secrets" -f -a "list" -d 'List the secrets of this host, and where each comes from; never their values'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from secrets" -f -a "remove" -d 'Forget a secret'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from secrets" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from help" -f -a "compile" -d 'Make a guest of a file in Python or C'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from help" -f -a "load" -d 'Put a swarm\'s code under a contract'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from help" -f -a "unload" -d 'End a swarm\'s contract: what it alone offers is taken back, its code leaves this host'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from help" -f -a "list" -d 'List what is loaded, and whether its code is on this host'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from help" -f -a "contract" -d 'Show the contract in force, and what was weakened since; as YAML unless told otherwise'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from help" -f -a "exec" -d 'Run one task in the sandbox: JSON from standard input, the answer to standard output'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from help" -f -a "run" -d 'Run one task in a container, under the same contract: JSON from standard input, the answer to standard output'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from help" -f -a "serve" -d 'Run the tasks that the coordinator pushes to swarms in the sandbox of this host'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from help" -f -a "performance" -d 'Show how a swarm\'s tasks went, held against the promises of its contract'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from help" -f -a "resources" -d 'Show what swarms may use, use now, and have used at most'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from help" -f -a "logs" -d 'Show what a swarm\'s guests have logged on this host'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from help" -f -a "calls" -d 'Show what swarms have called outside, provider by provider: how often, how much, how long, at what cost'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from help" -f -a "reputation" -d 'Show what swarms are worth to the governor, and how that comes about'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from help" -f -a "credentials" -d 'Issue a credential, with which one task may call some of what its contract allows; list them, take them back'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from help" -f -a "secrets" -d 'Secrets of this host that contracts have sent to services, and that no guest ever sees'
complete -c ifctl -n "__fish_ifctl_using_subcommand chassis; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and not __fish_seen_subcommand_from check help" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and not __fish_seen_subcommand_from check help" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and not __fish_seen_subcommand_from check help" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and not __fish_seen_subcommand_from check help" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and not __fish_seen_subcommand_from check help" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and not __fish_seen_subcommand_from check help" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and not __fish_seen_subcommand_from check help" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and not __fish_seen_subcommand_from check help" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and not __fish_seen_subcommand_from check help" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and not __fish_seen_subcommand_from check help" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and not __fish_seen_subcommand_from check help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and not __fish_seen_subcommand_from check help" -f -a "check" -d 'Say whether the token is the present holder\'s: exit 0, or 5 and who holds the task'
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and not __fish_seen_subcommand_from check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and __fish_seen_subcommand_from check" -l token -d 'What `claim` printed' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and __fish_seen_subcommand_from check" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and __fish_seen_subcommand_from check" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and __fish_seen_subcommand_from check" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and __fish_seen_subcommand_from check" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and __fish_seen_subcommand_from check" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and __fish_seen_subcommand_from check" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and __fish_seen_subcommand_from check" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and __fish_seen_subcommand_from check" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and __fish_seen_subcommand_from check" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and __fish_seen_subcommand_from help" -f -a "check" -d 'Say whether the token is the present holder\'s: exit 0, or 5 and who holds the task'
complete -c ifctl -n "__fish_ifctl_using_subcommand fence; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ifctl -n "__fish_ifctl_using_subcommand demo" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand demo" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand demo" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand demo" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand demo" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand demo" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand demo" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand demo" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand demo" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand demo" -l json -d 'Print JSON; the same as -o json'
complete -c ifctl -n "__fish_ifctl_using_subcommand demo" -l keep -d 'Leave the directory for looking around'
complete -c ifctl -n "__fish_ifctl_using_subcommand demo" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand completions" -l endpoints -d 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand completions" -l namespace -d 'Put before every key, so that several teams share one store' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand completions" -l command-timeout -d 'How long one call may take, such as 500ms or 5s [default: 5s]' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand completions" -l user -d 'User of the store, where it asks for one' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand completions" -l password -d 'The user\'s password' -r
complete -c ifctl -n "__fish_ifctl_using_subcommand completions" -l cacert -d 'Authorities that may have signed the store\'s certificate, in PEM form [default: the system\'s]' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand completions" -l cert -d 'Certificate to show to the store, where it asks for one' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand completions" -l key -d 'The certificate\'s key' -r -F
complete -c ifctl -n "__fish_ifctl_using_subcommand completions" -s o -l output -d 'How to print [default: table; what goes on and on: one JSON document a line]' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For people who like it'"
complete -c ifctl -n "__fish_ifctl_using_subcommand completions" -s v -l verbose -d 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
complete -c ifctl -n "__fish_ifctl_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and not __fish_seen_subcommand_from coordinator governor chassis fence demo completions help" -f -a "coordinator" -d 'Tasks: submitted, claimed exactly once, pushed, completed'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and not __fish_seen_subcommand_from coordinator governor chassis fence demo completions help" -f -a "governor" -d 'Swarms, their capabilities, their money'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and not __fish_seen_subcommand_from coordinator governor chassis fence demo completions help" -f -a "chassis" -d 'Untrusted code: contracts, the sandbox, what it measured'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and not __fish_seen_subcommand_from coordinator governor chassis fence demo completions help" -f -a "fence" -d 'Tokens, for what lies outside the store'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and not __fish_seen_subcommand_from coordinator governor chassis fence demo completions help" -f -a "demo" -d 'Watch seven swarms share out a real backlog: starts everything it needs, and ends it again'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and not __fish_seen_subcommand_from coordinator governor chassis fence demo completions help" -f -a "completions" -d 'Write the completion script of a shell to standard output'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and not __fish_seen_subcommand_from coordinator governor chassis fence demo completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "start" -d 'Run a coordinator in the foreground; prints one JSON line when it is ready'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "status" -d 'Show what the coordinator and its store say of themselves'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "health" -d 'Say whether the coordinator works: exit 0, or 10 and what is wrong'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "snapshot" -d 'Save everything that the running store holds in a file'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "restore" -d 'Make the store of an engine out of a snapshot; tokens from before are stale in it'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "swarms" -d 'List swarms, their workers and their money'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "tasks" -d 'List tasks'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "submit" -d 'Submit one task, or a file of them'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "show" -d 'Show one task with its holder, attempts, payload and result'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "watch" -d 'Print every event of tasks and swarms as one JSON document a line, until interrupted'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "wait" -d 'Wait until tasks have ended: exit 0 when all are completed, 9 when one failed, was given up or canceled'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "claim" -d 'Claim a task, or the next one; prints the token that proves it'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "heartbeat" -d 'Give a sign of life: renews the claim'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "progress" -d 'Say how far the work is: a sign of life, and that it gets on'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "complete" -d 'Report the work as done'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "fail" -d 'Report that the attempt failed'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "release" -d 'Give the task back unfinished'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "block" -d 'Say that the attempt cannot go on without help'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "unblock" -d 'Say that a task can go on that is blocked, or waits for one that failed'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "cancel" -d 'Call a task off, whoever works on it'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "retry" -d 'Try a task again that was given up, as often as in the beginning'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "mail" -d 'Send messages to swarms, and read one\'s own'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "listen" -d 'Stay connected and print every push as one JSON document a line'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "bench" -d 'Measure claims and pushes on this store; leaves nothing behind'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from coordinator" -f -a "work" -d 'Make any executable a worker: task as JSON on its standard input, result from its standard output'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from governor" -f -a "register" -d 'Register a swarm, or change what is known of it; what it has spent stays spent'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from governor" -f -a "unregister" -d 'Take back a swarm\'s profile and capabilities; what it has spent and earned stays'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from governor" -f -a "show" -d 'Show everything about one swarm'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from governor" -f -a "capabilities" -d 'Show who can do what, and what open tasks need that nobody can do; reads every profile and task'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from governor" -f -a "find-help" -d 'Find the swarm that suits best; exit 3 when nobody qualifies'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from governor" -f -a "request-help" -d 'Look for help for a blocked task, as happens by itself when it blocks; exit 3 when nobody qualifies'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from governor" -f -a "set-budgets" -d 'Set budgets, those of all swarms or of some; exit 6 when one is below what is spent or reserved, and stays'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from governor" -f -a "charge" -d 'Charge a swarm for an operation; exit 6 when its budget has too little left, and its breaker opens'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from governor" -f -a "budgets" -d 'List budgets and circuit breakers'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from governor" -f -a "circuit-breakers" -d 'List the circuit breakers that have ever opened'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from governor" -f -a "trip-circuit-breaker" -d 'Open a circuit breaker: no work passes until a person resets it'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from governor" -f -a "reset-circuit-breaker" -d 'Close a circuit breaker; a person must approve it'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from governor" -f -a "escalations" -d 'Calls for a human: list them, look after them, settle them'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from governor" -f -a "policy" -d 'Show, check, compare and apply policies'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from governor" -f -a "rails" -d 'Choose among providers that serve the same purpose, by how they have done'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from governor" -f -a "rates" -d 'Check and show what calls cost by what their answers say was used; exit 2 names the first error of the file'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from chassis" -f -a "compile" -d 'Make a guest of a file in Python or C'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from chassis" -f -a "load" -d 'Put a swarm\'s code under a contract'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from chassis" -f -a "unload" -d 'End a swarm\'s contract: what it alone offers is taken back, its code leaves this host'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from chassis" -f -a "list" -d 'List what is loaded, and whether its code is on this host'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from chassis" -f -a "contract" -d 'Show the contract in force, and what was weakened since; as YAML unless told otherwise'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from chassis" -f -a "exec" -d 'Run one task in the sandbox: JSON from standard input, the answer to standard output'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from chassis" -f -a "run" -d 'Run one task in a container, under the same contract: JSON from standard input, the answer to standard output'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from chassis" -f -a "serve" -d 'Run the tasks that the coordinator pushes to swarms in the sandbox of this host'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from chassis" -f -a "performance" -d 'Show how a swarm\'s tasks went, held against the promises of its contract'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from chassis" -f -a "resources" -d 'Show what swarms may use, use now, and have used at most'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from chassis" -f -a "logs" -d 'Show what a swarm\'s guests have logged on this host'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from chassis" -f -a "calls" -d 'Show what swarms have called outside, provider by provider: how often, how much, how long, at what cost'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from chassis" -f -a "reputation" -d 'Show what swarms are worth to the governor, and how that comes about'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from chassis" -f -a "credentials" -d 'Issue a credential, with which one task may call some of what its contract allows; list them, take them back'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from chassis" -f -a "secrets" -d 'Secrets of this host that contracts have sent to services, and that no guest ever sees'
complete -c ifctl -n "__fish_ifctl_using_subcommand help; and __fish_seen_subcommand_from fence" -f -a "check" -d 'Say whether the token is the present holder\'s: exit 0, or 5 and who holds the task'
complete -c if -w ifctl
