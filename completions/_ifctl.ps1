
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'ifctl' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'ifctl'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'ifctl' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('coordinator', 'coordinator', [CompletionResultType]::ParameterValue, 'Tasks: submitted, claimed exactly once, pushed, completed')
            [CompletionResult]::new('governor', 'governor', [CompletionResultType]::ParameterValue, 'Swarms, their capabilities, their money')
            [CompletionResult]::new('chassis', 'chassis', [CompletionResultType]::ParameterValue, 'Untrusted code: contracts, the sandbox, what it measured')
            [CompletionResult]::new('fence', 'fence', [CompletionResultType]::ParameterValue, 'Tokens, for what lies outside the store')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Watch seven swarms share out a real backlog: starts everything it needs, and ends it again')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Write the completion script of a shell to standard output')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ifctl;coordinator' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('start', 'start', [CompletionResultType]::ParameterValue, 'Run a coordinator in the foreground; prints one JSON line when it is ready')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show what the coordinator and its store say of themselves')
            [CompletionResult]::new('health', 'health', [CompletionResultType]::ParameterValue, 'Say whether the coordinator works: exit 0, or 10 and what is wrong')
            [CompletionResult]::new('snapshot', 'snapshot', [CompletionResultType]::ParameterValue, 'Save everything that the running store holds in a file')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Make the store of an engine out of a snapshot; tokens from before are stale in it')
            [CompletionResult]::new('swarms', 'swarms', [CompletionResultType]::ParameterValue, 'List swarms, their workers and their money')
            [CompletionResult]::new('tasks', 'tasks', [CompletionResultType]::ParameterValue, 'List tasks')
            [CompletionResult]::new('submit', 'submit', [CompletionResultType]::ParameterValue, 'Submit one task, or a file of them')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one task with its holder, attempts, payload and result')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Print every event of tasks and swarms as one JSON document a line, until interrupted')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until tasks have ended: exit 0 when all are completed, 9 when one failed, was given up or canceled')
            [CompletionResult]::new('claim', 'claim', [CompletionResultType]::ParameterValue, 'Claim a task, or the next one; prints the token that proves it')
            [CompletionResult]::new('heartbeat', 'heartbeat', [CompletionResultType]::ParameterValue, 'Give a sign of life: renews the claim')
            [CompletionResult]::new('progress', 'progress', [CompletionResultType]::ParameterValue, 'Say how far the work is: a sign of life, and that it gets on')
            [CompletionResult]::new('complete', 'complete', [CompletionResultType]::ParameterValue, 'Report the work as done')
            [CompletionResult]::new('fail', 'fail', [CompletionResultType]::ParameterValue, 'Report that the attempt failed')
            [CompletionResult]::new('release', 'release', [CompletionResultType]::ParameterValue, 'Give the task back unfinished')
            [CompletionResult]::new('block', 'block', [CompletionResultType]::ParameterValue, 'Say that the attempt cannot go on without help')
            [CompletionResult]::new('unblock', 'unblock', [CompletionResultType]::ParameterValue, 'Say that a task can go on that is blocked, or waits for one that failed')
            [CompletionResult]::new('cancel', 'cancel', [CompletionResultType]::ParameterValue, 'Call a task off, whoever works on it')
            [CompletionResult]::new('retry', 'retry', [CompletionResultType]::ParameterValue, 'Try a task again that was given up, as often as in the beginning')
            [CompletionResult]::new('mail', 'mail', [CompletionResultType]::ParameterValue, 'Send messages to swarms, and read one''s own')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Stay connected and print every push as one JSON document a line')
            [CompletionResult]::new('bench', 'bench', [CompletionResultType]::ParameterValue, 'Measure claims and pushes on this store; leaves nothing behind')
            [CompletionResult]::new('work', 'work', [CompletionResultType]::ParameterValue, 'Make any executable a worker: task as JSON on its standard input, result from its standard output')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ifctl;coordinator;start' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'What holds the data')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Where the etcd is, host:port[,host:port] [default: what --endpoints says]')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Where the engine listens; port 0 takes any free one. Addresses that others can reach need TLS and authentication [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--cert-file', '--cert-file', [CompletionResultType]::ParameterName, 'The engine''s certificate, in PEM form; it speaks nothing but TLS then')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'The key of the certificate')
            [CompletionResult]::new('--trusted-ca-file', '--trusted-ca-file', [CompletionResultType]::ParameterName, 'Let in only clients with a certificate that one of these authorities has signed')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'The engine''s directory [default: ~/.if/coordinator]')
            [CompletionResult]::new('--auto-compaction-retention', '--auto-compaction-retention', [CompletionResultType]::ParameterName, 'How long the engine keeps history; 0 keeps all of it. Of more than 5 million revisions or 4 GiB the oldest go earlier [default: 1h]')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'The policy; what changes in the file later is followed [default: ~/.if/governor/policy.yaml if it is there, else the built-in one]')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--client-cert-auth', '--client-cert-auth', [CompletionResultType]::ParameterName, 'Ask every client for a certificate; as in etcd, --trusted-ca-file alone does so too')
            [CompletionResult]::new('--insecure-listen', '--insecure-listen', [CompletionResultType]::ParameterName, 'Listen for others without TLS or without authentication: whoever can reach the address can then read, change and delete everything')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;status' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;health' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;snapshot' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace the file if it is there')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;restore' {
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'The directory, which must have no store yet [default: ~/.if/coordinator]')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;swarms' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;tasks' {
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Only tasks in this state, such as submitted, working, input-required or completed')
            [CompletionResult]::new('--owner', '--owner', [CompletionResultType]::ParameterName, 'Only tasks of this swarm')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;submit' {
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'A file of tasks, YAML or JSON; - for standard input')
            [CompletionResult]::new('--title', '--title', [CompletionResultType]::ParameterName, 'What it is, in a line')
            [CompletionResult]::new('--capabilities', '--capabilities', [CompletionResultType]::ParameterName, 'What a swarm must be able to do, domain:skill[,domain:skill]')
            [CompletionResult]::new('--priority', '--priority', [CompletionResultType]::ParameterName, '0 to 9; 9 goes first')
            [CompletionResult]::new('--depends-on', '--depends-on', [CompletionResultType]::ParameterName, 'Tasks that must be completed before')
            [CompletionResult]::new('--not-before', '--not-before', [CompletionResultType]::ParameterName, 'Not to be begun before: a moment, or a time from now such as 10m')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'To be done before: a moment, or a time from now such as 10m; afterwards it has failed')
            [CompletionResult]::new('--stall-after', '--stall-after', [CompletionResultType]::ParameterName, 'How long its holder may go without progress before a human is told [default: what the policy says]')
            [CompletionResult]::new('--on-dependency-failure', '--on-dependency-failure', [CompletionResultType]::ParameterName, 'What becomes of it when a task that it waits for fails or is canceled [default: block]')
            [CompletionResult]::new('--estimated-hours', '--estimated-hours', [CompletionResultType]::ParameterName, 'How long it should take, in hours')
            [CompletionResult]::new('--max-cost', '--max-cost', [CompletionResultType]::ParameterName, 'The most one attempt may cost, in dollars')
            [CompletionResult]::new('--max-attempts', '--max-attempts', [CompletionResultType]::ParameterName, 'How many attempts there may be [default: what the policy says]')
            [CompletionResult]::new('--direct-to', '--direct-to', [CompletionResultType]::ParameterName, 'Only this swarm may work on it')
            [CompletionResult]::new('--payload', '--payload', [CompletionResultType]::ParameterName, 'What the worker gets, as text')
            [CompletionResult]::new('--payload-file', '--payload-file', [CompletionResultType]::ParameterName, 'What the worker gets, from a file; - for standard input')
            [CompletionResult]::new('--idempotency-key', '--idempotency-key', [CompletionResultType]::ParameterName, 'Submitting again with the same key changes nothing')
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'In whose name [default: the swarm of this worker, else you]')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;show' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;watch' {
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Begin with what this revision brought about [default: what comes]')
            [CompletionResult]::new('--task', '--task', [CompletionResultType]::ParameterName, 'Only events of this task')
            [CompletionResult]::new('--swarm', '--swarm', [CompletionResultType]::ParameterName, 'Only events of this swarm and of the tasks that it has')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;wait' {
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait at most; 0 looks once [default: for ever]')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;claim' {
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'How long to wait for one; 0 looks once')
            [CompletionResult]::new('--swarm', '--swarm', [CompletionResultType]::ParameterName, 'Who claims it')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'How long the claim lasts without a heartbeat')
            [CompletionResult]::new('--idempotency-key', '--idempotency-key', [CompletionResultType]::ParameterName, 'Claiming again with the same key gives the same token')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--next', '--next', [CompletionResultType]::ParameterName, 'Claim the best ready task of the swarm, as the coordinator hands it out')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;heartbeat' {
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'What `claim` printed')
            [CompletionResult]::new('--note', '--note', [CompletionResultType]::ParameterName, 'How far the work is, in words: then it is a sign of progress too')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;progress' {
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'What `claim` printed')
            [CompletionResult]::new('--note', '--note', [CompletionResultType]::ParameterName, 'How far the work is, in words')
            [CompletionResult]::new('--percent', '--percent', [CompletionResultType]::ParameterName, 'How far the work is, in hundredths [default: as said before]')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;complete' {
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'What `claim` printed')
            [CompletionResult]::new('--result', '--result', [CompletionResultType]::ParameterName, 'What the work produced, as text')
            [CompletionResult]::new('--result-file', '--result-file', [CompletionResultType]::ParameterName, 'What the work produced, from a file; - for standard input')
            [CompletionResult]::new('--cost', '--cost', [CompletionResultType]::ParameterName, 'What it cost in dollars [default: what was set aside]')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;fail' {
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'What `claim` printed')
            [CompletionResult]::new('--message', '--message', [CompletionResultType]::ParameterName, 'What happened')
            [CompletionResult]::new('--class', '--class', [CompletionResultType]::ParameterName, 'A short word for the kind of failure')
            [CompletionResult]::new('--cost', '--cost', [CompletionResultType]::ParameterName, 'What it cost in dollars [default: what was set aside]')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--retryable', '--retryable', [CompletionResultType]::ParameterName, 'Trying again may help')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;release' {
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'What `claim` printed')
            [CompletionResult]::new('--cost', '--cost', [CompletionResultType]::ParameterName, 'What it has cost in dollars')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;block' {
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'What `claim` printed')
            [CompletionResult]::new('--needs', '--needs', [CompletionResultType]::ParameterName, 'What a helper must be able to do, domain:skill[,domain:skill]')
            [CompletionResult]::new('--description', '--description', [CompletionResultType]::ParameterName, 'The question')
            [CompletionResult]::new('--cost', '--cost', [CompletionResultType]::ParameterName, 'What it has cost in dollars so far')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;unblock' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;cancel' {
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why')
            [CompletionResult]::new('--cost', '--cost', [CompletionResultType]::ParameterName, 'What the present attempt has cost in dollars')
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'In whose name [default: the swarm of this worker, else you]')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;retry' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;mail' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Put a message into a mailbox, where it is kept until it was read')
            [CompletionResult]::new('read', 'read', [CompletionResultType]::ParameterValue, 'Print the messages of a mailbox, one JSON document a line; each is deleted when it was printed')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ifctl;coordinator;mail;send' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The swarm it is for, or `orchestrator`')
            [CompletionResult]::new('--subject', '--subject', [CompletionResultType]::ParameterName, 'What it is about, in a line')
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'In whose name [default: the swarm of this worker, else you]')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;mail;read' {
            [CompletionResult]::new('--swarm', '--swarm', [CompletionResultType]::ParameterName, 'Whose mailbox')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Go on with what comes, until interrupted')
            [CompletionResult]::new('--keep', '--keep', [CompletionResultType]::ParameterName, 'Leave the messages there')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;mail;help' {
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Put a message into a mailbox, where it is kept until it was read')
            [CompletionResult]::new('read', 'read', [CompletionResultType]::ParameterValue, 'Print the messages of a mailbox, one JSON document a line; each is deleted when it was printed')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ifctl;coordinator;mail;help;send' {
            break
        }
        'ifctl;coordinator;mail;help;read' {
            break
        }
        'ifctl;coordinator;mail;help;help' {
            break
        }
        'ifctl;coordinator;listen' {
            [CompletionResult]::new('--swarm', '--swarm', [CompletionResultType]::ParameterName, 'The swarm it belongs to')
            [CompletionResult]::new('--slots', '--slots', [CompletionResultType]::ParameterName, 'How many tasks it takes at a time')
            [CompletionResult]::new('--session-ttl', '--session-ttl', [CompletionResultType]::ParameterName, 'How long it may be silent before its tasks go to others')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Begin with what was pushed to the swarm from this revision on: messages, and assignments that are still held')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;bench' {
            [CompletionResult]::new('--duration', '--duration', [CompletionResultType]::ParameterName, 'How long each of the two measurements lasts')
            [CompletionResult]::new('--clients', '--clients', [CompletionResultType]::ParameterName, 'How many clients claim at the same time')
            [CompletionResult]::new('--watchers', '--watchers', [CompletionResultType]::ParameterName, 'How many workers are connected while tasks are pushed, one at a time')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;work' {
            [CompletionResult]::new('--swarm', '--swarm', [CompletionResultType]::ParameterName, 'The swarm it belongs to')
            [CompletionResult]::new('--slots', '--slots', [CompletionResultType]::ParameterName, 'How many tasks it takes at a time')
            [CompletionResult]::new('--session-ttl', '--session-ttl', [CompletionResultType]::ParameterName, 'How long it may be silent before its tasks go to others')
            [CompletionResult]::new('--grace', '--grace', [CompletionResultType]::ParameterName, 'How long the program may take to end after SIGTERM, before SIGKILL: when its task is lost, or the worker ends')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--pull', '--pull', [CompletionResultType]::ParameterName, 'Claim tasks in a race with everybody else, instead of being assigned')
            [CompletionResult]::new('--once', '--once', [CompletionResultType]::ParameterName, 'End after the first task')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;coordinator;help' {
            [CompletionResult]::new('start', 'start', [CompletionResultType]::ParameterValue, 'Run a coordinator in the foreground; prints one JSON line when it is ready')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show what the coordinator and its store say of themselves')
            [CompletionResult]::new('health', 'health', [CompletionResultType]::ParameterValue, 'Say whether the coordinator works: exit 0, or 10 and what is wrong')
            [CompletionResult]::new('snapshot', 'snapshot', [CompletionResultType]::ParameterValue, 'Save everything that the running store holds in a file')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Make the store of an engine out of a snapshot; tokens from before are stale in it')
            [CompletionResult]::new('swarms', 'swarms', [CompletionResultType]::ParameterValue, 'List swarms, their workers and their money')
            [CompletionResult]::new('tasks', 'tasks', [CompletionResultType]::ParameterValue, 'List tasks')
            [CompletionResult]::new('submit', 'submit', [CompletionResultType]::ParameterValue, 'Submit one task, or a file of them')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one task with its holder, attempts, payload and result')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Print every event of tasks and swarms as one JSON document a line, until interrupted')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until tasks have ended: exit 0 when all are completed, 9 when one failed, was given up or canceled')
            [CompletionResult]::new('claim', 'claim', [CompletionResultType]::ParameterValue, 'Claim a task, or the next one; prints the token that proves it')
            [CompletionResult]::new('heartbeat', 'heartbeat', [CompletionResultType]::ParameterValue, 'Give a sign of life: renews the claim')
            [CompletionResult]::new('progress', 'progress', [CompletionResultType]::ParameterValue, 'Say how far the work is: a sign of life, and that it gets on')
            [CompletionResult]::new('complete', 'complete', [CompletionResultType]::ParameterValue, 'Report the work as done')
            [CompletionResult]::new('fail', 'fail', [CompletionResultType]::ParameterValue, 'Report that the attempt failed')
            [CompletionResult]::new('release', 'release', [CompletionResultType]::ParameterValue, 'Give the task back unfinished')
            [CompletionResult]::new('block', 'block', [CompletionResultType]::ParameterValue, 'Say that the attempt cannot go on without help')
            [CompletionResult]::new('unblock', 'unblock', [CompletionResultType]::ParameterValue, 'Say that a task can go on that is blocked, or waits for one that failed')
            [CompletionResult]::new('cancel', 'cancel', [CompletionResultType]::ParameterValue, 'Call a task off, whoever works on it')
            [CompletionResult]::new('retry', 'retry', [CompletionResultType]::ParameterValue, 'Try a task again that was given up, as often as in the beginning')
            [CompletionResult]::new('mail', 'mail', [CompletionResultType]::ParameterValue, 'Send messages to swarms, and read one''s own')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Stay connected and print every push as one JSON document a line')
            [CompletionResult]::new('bench', 'bench', [CompletionResultType]::ParameterValue, 'Measure claims and pushes on this store; leaves nothing behind')
            [CompletionResult]::new('work', 'work', [CompletionResultType]::ParameterValue, 'Make any executable a worker: task as JSON on its standard input, result from its standard output')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ifctl;coordinator;help;start' {
            break
        }
        'ifctl;coordinator;help;status' {
            break
        }
        'ifctl;coordinator;help;health' {
            break
        }
        'ifctl;coordinator;help;snapshot' {
            break
        }
        'ifctl;coordinator;help;restore' {
            break
        }
        'ifctl;coordinator;help;swarms' {
            break
        }
        'ifctl;coordinator;help;tasks' {
            break
        }
        'ifctl;coordinator;help;submit' {
            break
        }
        'ifctl;coordinator;help;show' {
            break
        }
        'ifctl;coordinator;help;watch' {
            break
        }
        'ifctl;coordinator;help;wait' {
            break
        }
        'ifctl;coordinator;help;claim' {
            break
        }
        'ifctl;coordinator;help;heartbeat' {
            break
        }
        'ifctl;coordinator;help;progress' {
            break
        }
        'ifctl;coordinator;help;complete' {
            break
        }
        'ifctl;coordinator;help;fail' {
            break
        }
        'ifctl;coordinator;help;release' {
            break
        }
        'ifctl;coordinator;help;block' {
            break
        }
        'ifctl;coordinator;help;unblock' {
            break
        }
        'ifctl;coordinator;help;cancel' {
            break
        }
        'ifctl;coordinator;help;retry' {
            break
        }
        'ifctl;coordinator;help;mail' {
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Put a message into a mailbox, where it is kept until it was read')
            [CompletionResult]::new('read', 'read', [CompletionResultType]::ParameterValue, 'Print the messages of a mailbox, one JSON document a line; each is deleted when it was printed')
            break
        }
        'ifctl;coordinator;help;mail;send' {
            break
        }
        'ifctl;coordinator;help;mail;read' {
            break
        }
        'ifctl;coordinator;help;listen' {
            break
        }
        'ifctl;coordinator;help;bench' {
            break
        }
        'ifctl;coordinator;help;work' {
            break
        }
        'ifctl;coordinator;help;help' {
            break
        }
        'ifctl;governor' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('register', 'register', [CompletionResultType]::ParameterValue, 'Register a swarm, or change what is known of it; what it has spent stays spent')
            [CompletionResult]::new('unregister', 'unregister', [CompletionResultType]::ParameterValue, 'Take back a swarm''s profile and capabilities; what it has spent and earned stays')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything about one swarm')
            [CompletionResult]::new('capabilities', 'capabilities', [CompletionResultType]::ParameterValue, 'Show who can do what, and what open tasks need that nobody can do; reads every profile and task')
            [CompletionResult]::new('find-help', 'find-help', [CompletionResultType]::ParameterValue, 'Find the swarm that suits best; exit 3 when nobody qualifies')
            [CompletionResult]::new('request-help', 'request-help', [CompletionResultType]::ParameterValue, 'Look for help for a blocked task, as happens by itself when it blocks; exit 3 when nobody qualifies')
            [CompletionResult]::new('set-budgets', 'set-budgets', [CompletionResultType]::ParameterValue, 'Set budgets, those of all swarms or of some; exit 6 when one is below what is spent or reserved, and stays')
            [CompletionResult]::new('charge', 'charge', [CompletionResultType]::ParameterValue, 'Charge a swarm for an operation; exit 6 when its budget has too little left, and its breaker opens')
            [CompletionResult]::new('budgets', 'budgets', [CompletionResultType]::ParameterValue, 'List budgets and circuit breakers')
            [CompletionResult]::new('circuit-breakers', 'circuit-breakers', [CompletionResultType]::ParameterValue, 'List the circuit breakers that have ever opened')
            [CompletionResult]::new('trip-circuit-breaker', 'trip-circuit-breaker', [CompletionResultType]::ParameterValue, 'Open a circuit breaker: no work passes until a person resets it')
            [CompletionResult]::new('reset-circuit-breaker', 'reset-circuit-breaker', [CompletionResultType]::ParameterValue, 'Close a circuit breaker; a person must approve it')
            [CompletionResult]::new('escalations', 'escalations', [CompletionResultType]::ParameterValue, 'Calls for a human: list them, look after them, settle them')
            [CompletionResult]::new('policy', 'policy', [CompletionResultType]::ParameterValue, 'Show, check, compare and apply policies')
            [CompletionResult]::new('rails', 'rails', [CompletionResultType]::ParameterValue, 'Choose among providers that serve the same purpose, by how they have done')
            [CompletionResult]::new('rates', 'rates', [CompletionResultType]::ParameterValue, 'Check and show what calls cost by what their answers say was used; exit 2 names the first error of the file')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ifctl;governor;register' {
            [CompletionResult]::new('--capabilities', '--capabilities', [CompletionResultType]::ParameterName, 'What it can do, domain:skill[,domain:skill]')
            [CompletionResult]::new('--cost-per-hour', '--cost-per-hour', [CompletionResultType]::ParameterName, 'What an hour of it costs, in dollars')
            [CompletionResult]::new('--budget', '--budget', [CompletionResultType]::ParameterName, 'What it may spend, in dollars [default: what it has, else what the policy says]')
            [CompletionResult]::new('--period', '--period', [CompletionResultType]::ParameterName, 'How often its budget begins anew, by the calendar in UTC: hour, day, week, month, or never [default: as said before, else never]')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'The model behind it')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;unregister' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Also while it holds tasks or has connected workers; they go on with what they have begun')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;show' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;capabilities' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--gaps', '--gaps', [CompletionResultType]::ParameterName, 'Only what open tasks need and nobody offers')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;find-help' {
            [CompletionResult]::new('--required', '--required', [CompletionResultType]::ParameterName, 'What must be done, domain:skill[,domain:skill]')
            [CompletionResult]::new('--max-cost', '--max-cost', [CompletionResultType]::ParameterName, 'The most it may cost, in dollars [default: what the policy allows for one task]')
            [CompletionResult]::new('--hours', '--hours', [CompletionResultType]::ParameterName, 'How long it should take, in hours')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'Not to be asked, SWARM[,SWARM]')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Show no more than so many candidates, the best ones')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Show every candidate, and what spoke against it')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;request-help' {
            [CompletionResult]::new('--needs', '--needs', [CompletionResultType]::ParameterName, 'What a helper must be able to do, domain:skill[,domain:skill] [default: what the blocked swarm has said]')
            [CompletionResult]::new('--description', '--description', [CompletionResultType]::ParameterName, 'The question [default: as the blocked swarm has put it]')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say who would be asked')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Show everybody who offers what is needed, and why it is asked or not')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;set-budgets' {
            [CompletionResult]::new('--default-budget', '--default-budget', [CompletionResultType]::ParameterName, 'For every registered swarm that FILE does not name, and for newcomers, in dollars')
            [CompletionResult]::new('--per-swarm', '--per-swarm', [CompletionResultType]::ParameterName, 'A YAML file of swarms with their dollars, such as `builder: 25.0`')
            [CompletionResult]::new('--overall', '--overall', [CompletionResultType]::ParameterName, 'For all swarms with a budget together, from now on, in dollars')
            [CompletionResult]::new('--task', '--task', [CompletionResultType]::ParameterName, 'For one task and the help for it, whoever works on it; may be given again')
            [CompletionResult]::new('--period', '--period', [CompletionResultType]::ParameterName, 'How often these budgets begin anew, by the calendar in UTC: hour, day, week, month, or never; alone, those of all swarms')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--no-overall', '--no-overall', [CompletionResultType]::ParameterName, 'All swarms together may spend what each of them may')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only show what would change')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;charge' {
            [CompletionResult]::new('--operation', '--operation', [CompletionResultType]::ParameterName, 'What for, in words')
            [CompletionResult]::new('--cost', '--cost', [CompletionResultType]::ParameterName, 'How much, in dollars')
            [CompletionResult]::new('--task', '--task', [CompletionResultType]::ParameterName, 'The task it is spent on: what was set aside for it comes first')
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'What `claim` printed')
            [CompletionResult]::new('--idempotency-key', '--idempotency-key', [CompletionResultType]::ParameterName, 'Charging again with the same key books nothing more; for a claim its own keys count')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--incurred', '--incurred', [CompletionResultType]::ParameterName, 'It is gone already: booked in full, whatever the budget says')
            [CompletionResult]::new('--total', '--total', [CompletionResultType]::ParameterName, 'It is all that a claim has cost that has ended: what was booked for that is corrected')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;budgets' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;circuit-breakers' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--open', '--open', [CompletionResultType]::ParameterName, 'Leave out those that are closed')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;trip-circuit-breaker' {
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why, for whoever is to reset it')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;reset-circuit-breaker' {
            [CompletionResult]::new('--approved-by', '--approved-by', [CompletionResultType]::ParameterName, 'Who approves it; needed where nobody can be asked [default: you, once you have said yes]')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why; needed where nobody can be asked')
            [CompletionResult]::new('--new-budget', '--new-budget', [CompletionResultType]::ParameterName, 'What the swarm may spend in all from now on, in dollars; needed when its money is spent')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;escalations' {
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Only those that have come so far')
            [CompletionResult]::new('--swarm', '--swarm', [CompletionResultType]::ParameterName, 'Only those about this swarm')
            [CompletionResult]::new('--task', '--task', [CompletionResultType]::ParameterName, 'Only those about this task')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Those that are resolved too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what people are called for, oldest first; what is resolved only with --all')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one call, who has answered it, and how far each channel has taken it')
            [CompletionResult]::new('ack', 'ack', [CompletionResultType]::ParameterValue, 'Say that you look after it: it is not sent again')
            [CompletionResult]::new('resolve', 'resolve', [CompletionResultType]::ParameterValue, 'Say that it is settled')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Send a message of no consequence by each channel, with the secrets of this shell; exit 9 when one fails')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ifctl;governor;escalations;list' {
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Only those that have come so far')
            [CompletionResult]::new('--swarm', '--swarm', [CompletionResultType]::ParameterName, 'Only those about this swarm')
            [CompletionResult]::new('--task', '--task', [CompletionResultType]::ParameterName, 'Only those about this task')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Those that are resolved too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;escalations;show' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;escalations;ack' {
            [CompletionResult]::new('--note', '--note', [CompletionResultType]::ParameterName, 'What there is to say about it')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;escalations;resolve' {
            [CompletionResult]::new('--note', '--note', [CompletionResultType]::ParameterName, 'What there is to say about it')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;escalations;test' {
            [CompletionResult]::new('--channel', '--channel', [CompletionResultType]::ParameterName, 'Only by this one')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'Those of this policy file, before it is put in force')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;escalations;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what people are called for, oldest first; what is resolved only with --all')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one call, who has answered it, and how far each channel has taken it')
            [CompletionResult]::new('ack', 'ack', [CompletionResultType]::ParameterValue, 'Say that you look after it: it is not sent again')
            [CompletionResult]::new('resolve', 'resolve', [CompletionResultType]::ParameterValue, 'Say that it is settled')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Send a message of no consequence by each channel, with the secrets of this shell; exit 9 when one fails')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ifctl;governor;escalations;help;list' {
            break
        }
        'ifctl;governor;escalations;help;show' {
            break
        }
        'ifctl;governor;escalations;help;ack' {
            break
        }
        'ifctl;governor;escalations;help;resolve' {
            break
        }
        'ifctl;governor;escalations;help;test' {
            break
        }
        'ifctl;governor;escalations;help;help' {
            break
        }
        'ifctl;governor;policy' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the policy in force, as a policy file that says where it came from')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Check policy files; exit 2 names the first error of each that is none')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Show where a policy file differs from what is in force')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Put a policy in force and register the swarms it declares, until the leading coordinator''s file changes')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ifctl;governor;policy;show' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--default', '--default', [CompletionResultType]::ParameterName, 'Show the built-in policy instead, with every key explained')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;policy;validate' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;policy;diff' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;policy;apply' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only show what would change')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;policy;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the policy in force, as a policy file that says where it came from')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Check policy files; exit 2 names the first error of each that is none')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Show where a policy file differs from what is in force')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Put a policy in force and register the swarms it declares, until the leading coordinator''s file changes')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ifctl;governor;policy;help;show' {
            break
        }
        'ifctl;governor;policy;help;validate' {
            break
        }
        'ifctl;governor;policy;help;diff' {
            break
        }
        'ifctl;governor;policy;help;apply' {
            break
        }
        'ifctl;governor;policy;help;help' {
            break
        }
        'ifctl;governor;rails' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Show the parts of each score, and what speaks against a provider')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'List providers with what is known of them')
            [CompletionResult]::new('choose', 'choose', [CompletionResultType]::ParameterValue, 'Name the provider to use; exit 6 when every circuit breaker is open')
            [CompletionResult]::new('record', 'record', [CompletionResultType]::ParameterValue, 'Report how the use of a provider ended')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ifctl;governor;rails;show' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Show the parts of each score, and what speaks against a provider')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;rails;choose' {
            [CompletionResult]::new('--amount', '--amount', [CompletionResultType]::ParameterName, 'How much is to be moved or spent, in dollars: then cost counts')
            [CompletionResult]::new('--cost', '--cost', [CompletionResultType]::ParameterName, 'What a use would cost in dollars, PROVIDER=DOLLARS[,PROVIDER=DOLLARS] [default: what it has cost so far]')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Makes the choice one that can be repeated')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;rails;record' {
            [CompletionResult]::new('--time', '--time', [CompletionResultType]::ParameterName, 'How long it took, such as 800ms or 1.2s')
            [CompletionResult]::new('--cost', '--cost', [CompletionResultType]::ParameterName, 'What it cost, in dollars')
            [CompletionResult]::new('--idempotency-key', '--idempotency-key', [CompletionResultType]::ParameterName, 'A name for this use: reporting it again counts once')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--success', '--success', [CompletionResultType]::ParameterName, 'It did what was asked')
            [CompletionResult]::new('--failure', '--failure', [CompletionResultType]::ParameterName, 'It did not')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;rails;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'List providers with what is known of them')
            [CompletionResult]::new('choose', 'choose', [CompletionResultType]::ParameterValue, 'Name the provider to use; exit 6 when every circuit breaker is open')
            [CompletionResult]::new('record', 'record', [CompletionResultType]::ParameterValue, 'Report how the use of a provider ended')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ifctl;governor;rails;help;show' {
            break
        }
        'ifctl;governor;rails;help;choose' {
            break
        }
        'ifctl;governor;rails;help;record' {
            break
        }
        'ifctl;governor;rails;help;help' {
            break
        }
        'ifctl;governor;rates' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;governor;help' {
            [CompletionResult]::new('register', 'register', [CompletionResultType]::ParameterValue, 'Register a swarm, or change what is known of it; what it has spent stays spent')
            [CompletionResult]::new('unregister', 'unregister', [CompletionResultType]::ParameterValue, 'Take back a swarm''s profile and capabilities; what it has spent and earned stays')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything about one swarm')
            [CompletionResult]::new('capabilities', 'capabilities', [CompletionResultType]::ParameterValue, 'Show who can do what, and what open tasks need that nobody can do; reads every profile and task')
            [CompletionResult]::new('find-help', 'find-help', [CompletionResultType]::ParameterValue, 'Find the swarm that suits best; exit 3 when nobody qualifies')
            [CompletionResult]::new('request-help', 'request-help', [CompletionResultType]::ParameterValue, 'Look for help for a blocked task, as happens by itself when it blocks; exit 3 when nobody qualifies')
            [CompletionResult]::new('set-budgets', 'set-budgets', [CompletionResultType]::ParameterValue, 'Set budgets, those of all swarms or of some; exit 6 when one is below what is spent or reserved, and stays')
            [CompletionResult]::new('charge', 'charge', [CompletionResultType]::ParameterValue, 'Charge a swarm for an operation; exit 6 when its budget has too little left, and its breaker opens')
            [CompletionResult]::new('budgets', 'budgets', [CompletionResultType]::ParameterValue, 'List budgets and circuit breakers')
            [CompletionResult]::new('circuit-breakers', 'circuit-breakers', [CompletionResultType]::ParameterValue, 'List the circuit breakers that have ever opened')
            [CompletionResult]::new('trip-circuit-breaker', 'trip-circuit-breaker', [CompletionResultType]::ParameterValue, 'Open a circuit breaker: no work passes until a person resets it')
            [CompletionResult]::new('reset-circuit-breaker', 'reset-circuit-breaker', [CompletionResultType]::ParameterValue, 'Close a circuit breaker; a person must approve it')
            [CompletionResult]::new('escalations', 'escalations', [CompletionResultType]::ParameterValue, 'Calls for a human: list them, look after them, settle them')
            [CompletionResult]::new('policy', 'policy', [CompletionResultType]::ParameterValue, 'Show, check, compare and apply policies')
            [CompletionResult]::new('rails', 'rails', [CompletionResultType]::ParameterValue, 'Choose among providers that serve the same purpose, by how they have done')
            [CompletionResult]::new('rates', 'rates', [CompletionResultType]::ParameterValue, 'Check and show what calls cost by what their answers say was used; exit 2 names the first error of the file')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ifctl;governor;help;register' {
            break
        }
        'ifctl;governor;help;unregister' {
            break
        }
        'ifctl;governor;help;show' {
            break
        }
        'ifctl;governor;help;capabilities' {
            break
        }
        'ifctl;governor;help;find-help' {
            break
        }
        'ifctl;governor;help;request-help' {
            break
        }
        'ifctl;governor;help;set-budgets' {
            break
        }
        'ifctl;governor;help;charge' {
            break
        }
        'ifctl;governor;help;budgets' {
            break
        }
        'ifctl;governor;help;circuit-breakers' {
            break
        }
        'ifctl;governor;help;trip-circuit-breaker' {
            break
        }
        'ifctl;governor;help;reset-circuit-breaker' {
            break
        }
        'ifctl;governor;help;escalations' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what people are called for, oldest first; what is resolved only with --all')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one call, who has answered it, and how far each channel has taken it')
            [CompletionResult]::new('ack', 'ack', [CompletionResultType]::ParameterValue, 'Say that you look after it: it is not sent again')
            [CompletionResult]::new('resolve', 'resolve', [CompletionResultType]::ParameterValue, 'Say that it is settled')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Send a message of no consequence by each channel, with the secrets of this shell; exit 9 when one fails')
            break
        }
        'ifctl;governor;help;escalations;list' {
            break
        }
        'ifctl;governor;help;escalations;show' {
            break
        }
        'ifctl;governor;help;escalations;ack' {
            break
        }
        'ifctl;governor;help;escalations;resolve' {
            break
        }
        'ifctl;governor;help;escalations;test' {
            break
        }
        'ifctl;governor;help;policy' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the policy in force, as a policy file that says where it came from')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Check policy files; exit 2 names the first error of each that is none')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Show where a policy file differs from what is in force')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Put a policy in force and register the swarms it declares, until the leading coordinator''s file changes')
            break
        }
        'ifctl;governor;help;policy;show' {
            break
        }
        'ifctl;governor;help;policy;validate' {
            break
        }
        'ifctl;governor;help;policy;diff' {
            break
        }
        'ifctl;governor;help;policy;apply' {
            break
        }
        'ifctl;governor;help;rails' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'List providers with what is known of them')
            [CompletionResult]::new('choose', 'choose', [CompletionResultType]::ParameterValue, 'Name the provider to use; exit 6 when every circuit breaker is open')
            [CompletionResult]::new('record', 'record', [CompletionResultType]::ParameterValue, 'Report how the use of a provider ended')
            break
        }
        'ifctl;governor;help;rails;show' {
            break
        }
        'ifctl;governor;help;rails;choose' {
            break
        }
        'ifctl;governor;help;rails;record' {
            break
        }
        'ifctl;governor;help;rates' {
            break
        }
        'ifctl;governor;help;help' {
            break
        }
        'ifctl;chassis' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('compile', 'compile', [CompletionResultType]::ParameterValue, 'Make a guest of a file in Python or C')
            [CompletionResult]::new('load', 'load', [CompletionResultType]::ParameterValue, 'Put a swarm''s code under a contract')
            [CompletionResult]::new('unload', 'unload', [CompletionResultType]::ParameterValue, 'End a swarm''s contract: what it alone offers is taken back, its code leaves this host')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what is loaded, and whether its code is on this host')
            [CompletionResult]::new('contract', 'contract', [CompletionResultType]::ParameterValue, 'Show the contract in force, and what was weakened since; as YAML unless told otherwise')
            [CompletionResult]::new('exec', 'exec', [CompletionResultType]::ParameterValue, 'Run one task in the sandbox: JSON from standard input, the answer to standard output')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run one task in a container, under the same contract: JSON from standard input, the answer to standard output')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Run the tasks that the coordinator pushes to swarms in the sandbox of this host')
            [CompletionResult]::new('performance', 'performance', [CompletionResultType]::ParameterValue, 'Show how a swarm''s tasks went, held against the promises of its contract')
            [CompletionResult]::new('resources', 'resources', [CompletionResultType]::ParameterValue, 'Show what swarms may use, use now, and have used at most')
            [CompletionResult]::new('logs', 'logs', [CompletionResultType]::ParameterValue, 'Show what a swarm''s guests have logged on this host')
            [CompletionResult]::new('calls', 'calls', [CompletionResultType]::ParameterValue, 'Show what swarms have called outside, provider by provider: how often, how much, how long, at what cost')
            [CompletionResult]::new('reputation', 'reputation', [CompletionResultType]::ParameterValue, 'Show what swarms are worth to the governor, and how that comes about')
            [CompletionResult]::new('credentials', 'credentials', [CompletionResultType]::ParameterValue, 'Issue a credential, with which one task may call some of what its contract allows; list them, take them back')
            [CompletionResult]::new('secrets', 'secrets', [CompletionResultType]::ParameterValue, 'Secrets of this host that contracts have sent to services, and that no guest ever sees')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ifctl;chassis;compile' {
            [CompletionResult]::new('--wasm', '--wasm', [CompletionResultType]::ParameterName, 'Where the guest is to be, also as --output FILE [default: beside the file, with .wasm at the end of its name]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long the tool may take, in seconds')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--without-sandbox', '--without-sandbox', [CompletionResultType]::ParameterName, 'Run the tool with all your rights: the file can then read and change whatever you can')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;chassis;load' {
            [CompletionResult]::new('--wasm', '--wasm', [CompletionResultType]::ParameterName, 'The code: a WebAssembly module, binary or text [default: that of the contract; none if it has a container only]')
            [CompletionResult]::new('--contract', '--contract', [CompletionResultType]::ParameterName, 'The contract, in YAML')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--replace', '--replace', [CompletionResultType]::ParameterName, 'Also an older version, other code under the same version or weaker terms than those in force; recorded')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;chassis;unload' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;chassis;list' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;chassis;contract' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;chassis;exec' {
            [CompletionResult]::new('--task-id', '--task-id', [CompletionResultType]::ParameterName, 'The task, for the record; one of somebody else that the swarm works on counts for its reputation')
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'The token of its claim: what the task calls outside is paid from what was set aside for it')
            [CompletionResult]::new('--credential', '--credential', [CompletionResultType]::ParameterName, 'The handle of a credential, which narrows what the task may call outside; better in the environment, for everybody on this machine can read arguments [default: one of its own, with all that the contract allows]')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'How long a task''s own credential lasts, in seconds, and with it the task [default: as long as the task may]')
            [CompletionResult]::new('--allow-urls', '--allow-urls', [CompletionResultType]::ParameterName, 'The URLs a task may call, with all that lies below them [default: all that the contract allows]')
            [CompletionResult]::new('--methods', '--methods', [CompletionResultType]::ParameterName, 'The methods it may use [default: all that the contract allows]')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;chassis;run' {
            [CompletionResult]::new('--runtime', '--runtime', [CompletionResultType]::ParameterName, 'What runs it, docker or podman [default: docker, where it is not installed podman]')
            [CompletionResult]::new('--memory-limit', '--memory-limit', [CompletionResultType]::ParameterName, 'How much memory it has, such as 256m [default, and at most: what the contract allows]')
            [CompletionResult]::new('--cpu-limit', '--cpu-limit', [CompletionResultType]::ParameterName, 'Its share of a core, such as 0.25 [default, and at most: what the contract allows]')
            [CompletionResult]::new('--image', '--image', [CompletionResultType]::ParameterName, 'What it runs in, an image that is on this host [default: that of the contract]')
            [CompletionResult]::new('--task-id', '--task-id', [CompletionResultType]::ParameterName, 'The task, for the record; one of somebody else that the swarm works on counts for its reputation')
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'The token of its claim: calls are paid from what was set aside for it, and the container ends with it')
            [CompletionResult]::new('--credential', '--credential', [CompletionResultType]::ParameterName, 'The handle of a credential, which narrows what the task may call outside; better in the environment, for everybody on this machine can read arguments [default: one of its own, with all that the contract allows]')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;chassis;serve' {
            [CompletionResult]::new('--slots', '--slots', [CompletionResultType]::ParameterName, 'How many tasks of one swarm run at a time; by default contracts give each a quarter of a core')
            [CompletionResult]::new('--session-ttl', '--session-ttl', [CompletionResultType]::ParameterName, 'How long it may be silent before its tasks go to others')
            [CompletionResult]::new('--grace', '--grace', [CompletionResultType]::ParameterName, 'How long running tasks may go on after SIGTERM, before they are given back')
            [CompletionResult]::new('--max-memory-mb', '--max-memory-mb', [CompletionResultType]::ParameterName, 'How much memory the contracts of all running tasks together may allow, in MiB; others wait [default: no limit]')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'How long a task''s own credential lasts, in seconds, and with it the task [default: as long as the task may]')
            [CompletionResult]::new('--allow-urls', '--allow-urls', [CompletionResultType]::ParameterName, 'The URLs a task may call, with all that lies below them [default: all that the contract allows]')
            [CompletionResult]::new('--methods', '--methods', [CompletionResultType]::ParameterName, 'The methods it may use [default: all that the contract allows]')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;chassis;performance' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Show it anew whenever a task ends: in place on a terminal, else one JSON document a line')
            [CompletionResult]::new('--history', '--history', [CompletionResultType]::ParameterName, 'Show the last hours and minutes instead')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;chassis;resources' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-w', '-w', [CompletionResultType]::ParameterName, 'Go on showing it until interrupted: on a terminal with the last minute, elsewhere a line of JSON for each change')
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Go on showing it until interrupted: on a terminal with the last minute, elsewhere a line of JSON for each change')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;chassis;logs' {
            [CompletionResult]::new('--task', '--task', [CompletionResultType]::ParameterName, 'Only lines of this task')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only lines since then: 10m ago, or 2026-03-01T12:00:00Z')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only so many of the lines that there are, the newest')
            [CompletionResult]::new('--lines', '--lines', [CompletionResultType]::ParameterName, 'Only so many of the lines that there are, the newest')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Go on with what comes, until interrupted')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Go on with what comes, until interrupted')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;chassis;calls' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;chassis;reputation' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;chassis;credentials' {
            [CompletionResult]::new('--task-id', '--task-id', [CompletionResultType]::ParameterName, 'The task it is for')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'How long it lasts, in seconds')
            [CompletionResult]::new('--urls', '--urls', [CompletionResultType]::ParameterName, 'The URLs it is for, with all that lies below them; also --endpoints, as the original design has it, which is therefore no option of the store here [default: all that the contract allows]')
            [CompletionResult]::new('--methods', '--methods', [CompletionResultType]::ParameterName, 'The methods it is for [default: all that the contract allows]')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The secrets that go with its calls [default: all that the contract sends]')
            [CompletionResult]::new('--revoke', '--revoke', [CompletionResultType]::ParameterName, 'Take back this one, from this moment on')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List the swarm''s credentials, or those for the task')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Take back all of the swarm''s, or all for the task')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;chassis;secrets' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set a secret: from standard input, or asked for at a terminal')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the secrets of this host, and where each comes from; never their values')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Forget a secret')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ifctl;chassis;secrets;set' {
            [CompletionResult]::new('--from-env', '--from-env', [CompletionResultType]::ParameterName, 'Read it from this variable of whoever runs tasks, each time it is needed')
            [CompletionResult]::new('--from-command', '--from-command', [CompletionResultType]::ParameterName, 'Have this program print it, each time it is needed; the last option')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;chassis;secrets;list' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;chassis;secrets;remove' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;chassis;secrets;help' {
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set a secret: from standard input, or asked for at a terminal')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the secrets of this host, and where each comes from; never their values')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Forget a secret')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ifctl;chassis;secrets;help;set' {
            break
        }
        'ifctl;chassis;secrets;help;list' {
            break
        }
        'ifctl;chassis;secrets;help;remove' {
            break
        }
        'ifctl;chassis;secrets;help;help' {
            break
        }
        'ifctl;chassis;help' {
            [CompletionResult]::new('compile', 'compile', [CompletionResultType]::ParameterValue, 'Make a guest of a file in Python or C')
            [CompletionResult]::new('load', 'load', [CompletionResultType]::ParameterValue, 'Put a swarm''s code under a contract')
            [CompletionResult]::new('unload', 'unload', [CompletionResultType]::ParameterValue, 'End a swarm''s contract: what it alone offers is taken back, its code leaves this host')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what is loaded, and whether its code is on this host')
            [CompletionResult]::new('contract', 'contract', [CompletionResultType]::ParameterValue, 'Show the contract in force, and what was weakened since; as YAML unless told otherwise')
            [CompletionResult]::new('exec', 'exec', [CompletionResultType]::ParameterValue, 'Run one task in the sandbox: JSON from standard input, the answer to standard output')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run one task in a container, under the same contract: JSON from standard input, the answer to standard output')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Run the tasks that the coordinator pushes to swarms in the sandbox of this host')
            [CompletionResult]::new('performance', 'performance', [CompletionResultType]::ParameterValue, 'Show how a swarm''s tasks went, held against the promises of its contract')
            [CompletionResult]::new('resources', 'resources', [CompletionResultType]::ParameterValue, 'Show what swarms may use, use now, and have used at most')
            [CompletionResult]::new('logs', 'logs', [CompletionResultType]::ParameterValue, 'Show what a swarm''s guests have logged on this host')
            [CompletionResult]::new('calls', 'calls', [CompletionResultType]::ParameterValue, 'Show what swarms have called outside, provider by provider: how often, how much, how long, at what cost')
            [CompletionResult]::new('reputation', 'reputation', [CompletionResultType]::ParameterValue, 'Show what swarms are worth to the governor, and how that comes about')
            [CompletionResult]::new('credentials', 'credentials', [CompletionResultType]::ParameterValue, 'Issue a credential, with which one task may call some of what its contract allows; list them, take them back')
            [CompletionResult]::new('secrets', 'secrets', [CompletionResultType]::ParameterValue, 'Secrets of this host that contracts have sent to services, and that no guest ever sees')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ifctl;chassis;help;compile' {
            break
        }
        'ifctl;chassis;help;load' {
            break
        }
        'ifctl;chassis;help;unload' {
            break
        }
        'ifctl;chassis;help;list' {
            break
        }
        'ifctl;chassis;help;contract' {
            break
        }
        'ifctl;chassis;help;exec' {
            break
        }
        'ifctl;chassis;help;run' {
            break
        }
        'ifctl;chassis;help;serve' {
            break
        }
        'ifctl;chassis;help;performance' {
            break
        }
        'ifctl;chassis;help;resources' {
            break
        }
        'ifctl;chassis;help;logs' {
            break
        }
        'ifctl;chassis;help;calls' {
            break
        }
        'ifctl;chassis;help;reputation' {
            break
        }
        'ifctl;chassis;help;credentials' {
            break
        }
        'ifctl;chassis;help;secrets' {
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set a secret: from standard input, or asked for at a terminal')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the secrets of this host, and where each comes from; never their values')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Forget a secret')
            break
        }
        'ifctl;chassis;help;secrets;set' {
            break
        }
        'ifctl;chassis;help;secrets;list' {
            break
        }
        'ifctl;chassis;help;secrets;remove' {
            break
        }
        'ifctl;chassis;help;help' {
            break
        }
        'ifctl;fence' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say whether the token is the present holder''s: exit 0, or 5 and who holds the task')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ifctl;fence;check' {
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'What `claim` printed')
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;fence;help' {
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say whether the token is the present holder''s: exit 0, or 5 and who holds the task')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ifctl;fence;help;check' {
            break
        }
        'ifctl;fence;help;help' {
            break
        }
        'ifctl;demo' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON; the same as -o json')
            [CompletionResult]::new('--keep', '--keep', [CompletionResultType]::ParameterName, 'Leave the directory for looking around')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;completions' {
            [CompletionResult]::new('--endpoints', '--endpoints', [CompletionResultType]::ParameterName, 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Put before every key, so that several teams share one store')
            [CompletionResult]::new('--command-timeout', '--command-timeout', [CompletionResultType]::ParameterName, 'How long one call may take, such as 500ms or 5s [default: 5s]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the store, where it asks for one')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The user''s password')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate to show to the store, where it asks for one')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'The certificate''s key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print [default: table; what goes on and on: one JSON document a line]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ifctl;help' {
            [CompletionResult]::new('coordinator', 'coordinator', [CompletionResultType]::ParameterValue, 'Tasks: submitted, claimed exactly once, pushed, completed')
            [CompletionResult]::new('governor', 'governor', [CompletionResultType]::ParameterValue, 'Swarms, their capabilities, their money')
            [CompletionResult]::new('chassis', 'chassis', [CompletionResultType]::ParameterValue, 'Untrusted code: contracts, the sandbox, what it measured')
            [CompletionResult]::new('fence', 'fence', [CompletionResultType]::ParameterValue, 'Tokens, for what lies outside the store')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Watch seven swarms share out a real backlog: starts everything it needs, and ends it again')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Write the completion script of a shell to standard output')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ifctl;help;coordinator' {
            [CompletionResult]::new('start', 'start', [CompletionResultType]::ParameterValue, 'Run a coordinator in the foreground; prints one JSON line when it is ready')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show what the coordinator and its store say of themselves')
            [CompletionResult]::new('health', 'health', [CompletionResultType]::ParameterValue, 'Say whether the coordinator works: exit 0, or 10 and what is wrong')
            [CompletionResult]::new('snapshot', 'snapshot', [CompletionResultType]::ParameterValue, 'Save everything that the running store holds in a file')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Make the store of an engine out of a snapshot; tokens from before are stale in it')
            [CompletionResult]::new('swarms', 'swarms', [CompletionResultType]::ParameterValue, 'List swarms, their workers and their money')
            [CompletionResult]::new('tasks', 'tasks', [CompletionResultType]::ParameterValue, 'List tasks')
            [CompletionResult]::new('submit', 'submit', [CompletionResultType]::ParameterValue, 'Submit one task, or a file of them')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one task with its holder, attempts, payload and result')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Print every event of tasks and swarms as one JSON document a line, until interrupted')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until tasks have ended: exit 0 when all are completed, 9 when one failed, was given up or canceled')
            [CompletionResult]::new('claim', 'claim', [CompletionResultType]::ParameterValue, 'Claim a task, or the next one; prints the token that proves it')
            [CompletionResult]::new('heartbeat', 'heartbeat', [CompletionResultType]::ParameterValue, 'Give a sign of life: renews the claim')
            [CompletionResult]::new('progress', 'progress', [CompletionResultType]::ParameterValue, 'Say how far the work is: a sign of life, and that it gets on')
            [CompletionResult]::new('complete', 'complete', [CompletionResultType]::ParameterValue, 'Report the work as done')
            [CompletionResult]::new('fail', 'fail', [CompletionResultType]::ParameterValue, 'Report that the attempt failed')
            [CompletionResult]::new('release', 'release', [CompletionResultType]::ParameterValue, 'Give the task back unfinished')
            [CompletionResult]::new('block', 'block', [CompletionResultType]::ParameterValue, 'Say that the attempt cannot go on without help')
            [CompletionResult]::new('unblock', 'unblock', [CompletionResultType]::ParameterValue, 'Say that a task can go on that is blocked, or waits for one that failed')
            [CompletionResult]::new('cancel', 'cancel', [CompletionResultType]::ParameterValue, 'Call a task off, whoever works on it')
            [CompletionResult]::new('retry', 'retry', [CompletionResultType]::ParameterValue, 'Try a task again that was given up, as often as in the beginning')
            [CompletionResult]::new('mail', 'mail', [CompletionResultType]::ParameterValue, 'Send messages to swarms, and read one''s own')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Stay connected and print every push as one JSON document a line')
            [CompletionResult]::new('bench', 'bench', [CompletionResultType]::ParameterValue, 'Measure claims and pushes on this store; leaves nothing behind')
            [CompletionResult]::new('work', 'work', [CompletionResultType]::ParameterValue, 'Make any executable a worker: task as JSON on its standard input, result from its standard output')
            break
        }
        'ifctl;help;coordinator;start' {
            break
        }
        'ifctl;help;coordinator;status' {
            break
        }
        'ifctl;help;coordinator;health' {
            break
        }
        'ifctl;help;coordinator;snapshot' {
            break
        }
        'ifctl;help;coordinator;restore' {
            break
        }
        'ifctl;help;coordinator;swarms' {
            break
        }
        'ifctl;help;coordinator;tasks' {
            break
        }
        'ifctl;help;coordinator;submit' {
            break
        }
        'ifctl;help;coordinator;show' {
            break
        }
        'ifctl;help;coordinator;watch' {
            break
        }
        'ifctl;help;coordinator;wait' {
            break
        }
        'ifctl;help;coordinator;claim' {
            break
        }
        'ifctl;help;coordinator;heartbeat' {
            break
        }
        'ifctl;help;coordinator;progress' {
            break
        }
        'ifctl;help;coordinator;complete' {
            break
        }
        'ifctl;help;coordinator;fail' {
            break
        }
        'ifctl;help;coordinator;release' {
            break
        }
        'ifctl;help;coordinator;block' {
            break
        }
        'ifctl;help;coordinator;unblock' {
            break
        }
        'ifctl;help;coordinator;cancel' {
            break
        }
        'ifctl;help;coordinator;retry' {
            break
        }
        'ifctl;help;coordinator;mail' {
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Put a message into a mailbox, where it is kept until it was read')
            [CompletionResult]::new('read', 'read', [CompletionResultType]::ParameterValue, 'Print the messages of a mailbox, one JSON document a line; each is deleted when it was printed')
            break
        }
        'ifctl;help;coordinator;mail;send' {
            break
        }
        'ifctl;help;coordinator;mail;read' {
            break
        }
        'ifctl;help;coordinator;listen' {
            break
        }
        'ifctl;help;coordinator;bench' {
            break
        }
        'ifctl;help;coordinator;work' {
            break
        }
        'ifctl;help;governor' {
            [CompletionResult]::new('register', 'register', [CompletionResultType]::ParameterValue, 'Register a swarm, or change what is known of it; what it has spent stays spent')
            [CompletionResult]::new('unregister', 'unregister', [CompletionResultType]::ParameterValue, 'Take back a swarm''s profile and capabilities; what it has spent and earned stays')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything about one swarm')
            [CompletionResult]::new('capabilities', 'capabilities', [CompletionResultType]::ParameterValue, 'Show who can do what, and what open tasks need that nobody can do; reads every profile and task')
            [CompletionResult]::new('find-help', 'find-help', [CompletionResultType]::ParameterValue, 'Find the swarm that suits best; exit 3 when nobody qualifies')
            [CompletionResult]::new('request-help', 'request-help', [CompletionResultType]::ParameterValue, 'Look for help for a blocked task, as happens by itself when it blocks; exit 3 when nobody qualifies')
            [CompletionResult]::new('set-budgets', 'set-budgets', [CompletionResultType]::ParameterValue, 'Set budgets, those of all swarms or of some; exit 6 when one is below what is spent or reserved, and stays')
            [CompletionResult]::new('charge', 'charge', [CompletionResultType]::ParameterValue, 'Charge a swarm for an operation; exit 6 when its budget has too little left, and its breaker opens')
            [CompletionResult]::new('budgets', 'budgets', [CompletionResultType]::ParameterValue, 'List budgets and circuit breakers')
            [CompletionResult]::new('circuit-breakers', 'circuit-breakers', [CompletionResultType]::ParameterValue, 'List the circuit breakers that have ever opened')
            [CompletionResult]::new('trip-circuit-breaker', 'trip-circuit-breaker', [CompletionResultType]::ParameterValue, 'Open a circuit breaker: no work passes until a person resets it')
            [CompletionResult]::new('reset-circuit-breaker', 'reset-circuit-breaker', [CompletionResultType]::ParameterValue, 'Close a circuit breaker; a person must approve it')
            [CompletionResult]::new('escalations', 'escalations', [CompletionResultType]::ParameterValue, 'Calls for a human: list them, look after them, settle them')
            [CompletionResult]::new('policy', 'policy', [CompletionResultType]::ParameterValue, 'Show, check, compare and apply policies')
            [CompletionResult]::new('rails', 'rails', [CompletionResultType]::ParameterValue, 'Choose among providers that serve the same purpose, by how they have done')
            [CompletionResult]::new('rates', 'rates', [CompletionResultType]::ParameterValue, 'Check and show what calls cost by what their answers say was used; exit 2 names the first error of the file')
            break
        }
        'ifctl;help;governor;register' {
            break
        }
        'ifctl;help;governor;unregister' {
            break
        }
        'ifctl;help;governor;show' {
            break
        }
        'ifctl;help;governor;capabilities' {
            break
        }
        'ifctl;help;governor;find-help' {
            break
        }
        'ifctl;help;governor;request-help' {
            break
        }
        'ifctl;help;governor;set-budgets' {
            break
        }
        'ifctl;help;governor;charge' {
            break
        }
        'ifctl;help;governor;budgets' {
            break
        }
        'ifctl;help;governor;circuit-breakers' {
            break
        }
        'ifctl;help;governor;trip-circuit-breaker' {
            break
        }
        'ifctl;help;governor;reset-circuit-breaker' {
            break
        }
        'ifctl;help;governor;escalations' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what people are called for, oldest first; what is resolved only with --all')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one call, who has answered it, and how far each channel has taken it')
            [CompletionResult]::new('ack', 'ack', [CompletionResultType]::ParameterValue, 'Say that you look after it: it is not sent again')
            [CompletionResult]::new('resolve', 'resolve', [CompletionResultType]::ParameterValue, 'Say that it is settled')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Send a message of no consequence by each channel, with the secrets of this shell; exit 9 when one fails')
            break
        }
        'ifctl;help;governor;escalations;list' {
            break
        }
        'ifctl;help;governor;escalations;show' {
            break
        }
        'ifctl;help;governor;escalations;ack' {
            break
        }
        'ifctl;help;governor;escalations;resolve' {
            break
        }
        'ifctl;help;governor;escalations;test' {
            break
        }
        'ifctl;help;governor;policy' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the policy in force, as a policy file that says where it came from')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Check policy files; exit 2 names the first error of each that is none')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Show where a policy file differs from what is in force')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Put a policy in force and register the swarms it declares, until the leading coordinator''s file changes')
            break
        }
        'ifctl;help;governor;policy;show' {
            break
        }
        'ifctl;help;governor;policy;validate' {
            break
        }
        'ifctl;help;governor;policy;diff' {
            break
        }
        'ifctl;help;governor;policy;apply' {
            break
        }
        'ifctl;help;governor;rails' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'List providers with what is known of them')
            [CompletionResult]::new('choose', 'choose', [CompletionResultType]::ParameterValue, 'Name the provider to use; exit 6 when every circuit breaker is open')
            [CompletionResult]::new('record', 'record', [CompletionResultType]::ParameterValue, 'Report how the use of a provider ended')
            break
        }
        'ifctl;help;governor;rails;show' {
            break
        }
        'ifctl;help;governor;rails;choose' {
            break
        }
        'ifctl;help;governor;rails;record' {
            break
        }
        'ifctl;help;governor;rates' {
            break
        }
        'ifctl;help;chassis' {
            [CompletionResult]::new('compile', 'compile', [CompletionResultType]::ParameterValue, 'Make a guest of a file in Python or C')
            [CompletionResult]::new('load', 'load', [CompletionResultType]::ParameterValue, 'Put a swarm''s code under a contract')
            [CompletionResult]::new('unload', 'unload', [CompletionResultType]::ParameterValue, 'End a swarm''s contract: what it alone offers is taken back, its code leaves this host')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what is loaded, and whether its code is on this host')
            [CompletionResult]::new('contract', 'contract', [CompletionResultType]::ParameterValue, 'Show the contract in force, and what was weakened since; as YAML unless told otherwise')
            [CompletionResult]::new('exec', 'exec', [CompletionResultType]::ParameterValue, 'Run one task in the sandbox: JSON from standard input, the answer to standard output')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run one task in a container, under the same contract: JSON from standard input, the answer to standard output')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Run the tasks that the coordinator pushes to swarms in the sandbox of this host')
            [CompletionResult]::new('performance', 'performance', [CompletionResultType]::ParameterValue, 'Show how a swarm''s tasks went, held against the promises of its contract')
            [CompletionResult]::new('resources', 'resources', [CompletionResultType]::ParameterValue, 'Show what swarms may use, use now, and have used at most')
            [CompletionResult]::new('logs', 'logs', [CompletionResultType]::ParameterValue, 'Show what a swarm''s guests have logged on this host')
            [CompletionResult]::new('calls', 'calls', [CompletionResultType]::ParameterValue, 'Show what swarms have called outside, provider by provider: how often, how much, how long, at what cost')
            [CompletionResult]::new('reputation', 'reputation', [CompletionResultType]::ParameterValue, 'Show what swarms are worth to the governor, and how that comes about')
            [CompletionResult]::new('credentials', 'credentials', [CompletionResultType]::ParameterValue, 'Issue a credential, with which one task may call some of what its contract allows; list them, take them back')
            [CompletionResult]::new('secrets', 'secrets', [CompletionResultType]::ParameterValue, 'Secrets of this host that contracts have sent to services, and that no guest ever sees')
            break
        }
        'ifctl;help;chassis;compile' {
            break
        }
        'ifctl;help;chassis;load' {
            break
        }
        'ifctl;help;chassis;unload' {
            break
        }
        'ifctl;help;chassis;list' {
            break
        }
        'ifctl;help;chassis;contract' {
            break
        }
        'ifctl;help;chassis;exec' {
            break
        }
        'ifctl;help;chassis;run' {
            break
        }
        'ifctl;help;chassis;serve' {
            break
        }
        'ifctl;help;chassis;performance' {
            break
        }
        'ifctl;help;chassis;resources' {
            break
        }
        'ifctl;help;chassis;logs' {
            break
        }
        'ifctl;help;chassis;calls' {
            break
        }
        'ifctl;help;chassis;reputation' {
            break
        }
        'ifctl;help;chassis;credentials' {
            break
        }
        'ifctl;help;chassis;secrets' {
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set a secret: from standard input, or asked for at a terminal')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the secrets of this host, and where each comes from; never their values')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Forget a secret')
            break
        }
        'ifctl;help;chassis;secrets;set' {
            break
        }
        'ifctl;help;chassis;secrets;list' {
            break
        }
        'ifctl;help;chassis;secrets;remove' {
            break
        }
        'ifctl;help;fence' {
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say whether the token is the present holder''s: exit 0, or 5 and who holds the task')
            break
        }
        'ifctl;help;fence;check' {
            break
        }
        'ifctl;help;demo' {
            break
        }
        'ifctl;help;completions' {
            break
        }
        'ifctl;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
