
use builtin;
use str;

set edit:completion:arg-completer[ifctl] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'ifctl'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'ifctl'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand coordinator 'Tasks: submitted, claimed exactly once, pushed, completed'
            cand governor 'Swarms, their capabilities, their money'
            cand chassis 'Untrusted code: contracts, the sandbox, what it measured'
            cand fence 'Tokens, for what lies outside the store'
            cand demo 'Watch seven swarms share out a real backlog: starts everything it needs, and ends it again'
            cand completions 'Write the completion script of a shell to standard output'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ifctl;coordinator'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand start 'Run a coordinator in the foreground; prints one JSON line when it is ready'
            cand status 'Show what the coordinator and its store say of themselves'
            cand health 'Say whether the coordinator works: exit 0, or 10 and what is wrong'
            cand snapshot 'Save everything that the running store holds in a file'
            cand restore 'Make the store of an engine out of a snapshot; tokens from before are stale in it'
            cand swarms 'List swarms, their workers and their money'
            cand tasks 'List tasks'
            cand submit 'Submit one task, or a file of them'
            cand show 'Show one task with its holder, attempts, payload and result'
            cand watch 'Print every event of tasks and swarms as one JSON document a line, until interrupted'
            cand wait 'Wait until tasks have ended: exit 0 when all are completed, 9 when one failed, was given up or canceled'
            cand claim 'Claim a task, or the next one; prints the token that proves it'
            cand heartbeat 'Give a sign of life: renews the claim'
            cand progress 'Say how far the work is: a sign of life, and that it gets on'
            cand complete 'Report the work as done'
            cand fail 'Report that the attempt failed'
            cand release 'Give the task back unfinished'
            cand block 'Say that the attempt cannot go on without help'
            cand unblock 'Say that a task can go on that is blocked, or waits for one that failed'
            cand cancel 'Call a task off, whoever works on it'
            cand retry 'Try a task again that was given up, as often as in the beginning'
            cand mail 'Send messages to swarms, and read one''s own'
            cand listen 'Stay connected and print every push as one JSON document a line'
            cand bench 'Measure claims and pushes on this store; leaves nothing behind'
            cand work 'Make any executable a worker: task as JSON on its standard input, result from its standard output'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ifctl;coordinator;start'= {
            cand --backend 'What holds the data'
            cand --host 'Where the etcd is, host:port[,host:port] [default: what --endpoints says]'
            cand --listen 'Where the engine listens; port 0 takes any free one. Addresses that others can reach need TLS and authentication [default: 127.0.0.1:2379]'
            cand --cert-file 'The engine''s certificate, in PEM form; it speaks nothing but TLS then'
            cand --key-file 'The key of the certificate'
            cand --trusted-ca-file 'Let in only clients with a certificate that one of these authorities has signed'
            cand --data-dir 'The engine''s directory [default: ~/.if/coordinator]'
            cand --auto-compaction-retention 'How long the engine keeps history; 0 keeps all of it. Of more than 5 million revisions or 4 GiB the oldest go earlier [default: 1h]'
            cand --policy 'The policy; what changes in the file later is followed [default: ~/.if/governor/policy.yaml if it is there, else the built-in one]'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --client-cert-auth 'Ask every client for a certificate; as in etcd, --trusted-ca-file alone does so too'
            cand --insecure-listen 'Listen for others without TLS or without authentication: whoever can reach the address can then read, change and delete everything'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;status'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;health'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;snapshot'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --force 'Replace the file if it is there'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;restore'= {
            cand --data-dir 'The directory, which must have no store yet [default: ~/.if/coordinator]'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;swarms'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;tasks'= {
            cand --state 'Only tasks in this state, such as submitted, working, input-required or completed'
            cand --owner 'Only tasks of this swarm'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;submit'= {
            cand --file 'A file of tasks, YAML or JSON; - for standard input'
            cand --title 'What it is, in a line'
            cand --capabilities 'What a swarm must be able to do, domain:skill[,domain:skill]'
            cand --priority '0 to 9; 9 goes first'
            cand --depends-on 'Tasks that must be completed before'
            cand --not-before 'Not to be begun before: a moment, or a time from now such as 10m'
            cand --deadline 'To be done before: a moment, or a time from now such as 10m; afterwards it has failed'
            cand --stall-after 'How long its holder may go without progress before a human is told [default: what the policy says]'
            cand --on-dependency-failure 'What becomes of it when a task that it waits for fails or is canceled [default: block]'
            cand --estimated-hours 'How long it should take, in hours'
            cand --max-cost 'The most one attempt may cost, in dollars'
            cand --max-attempts 'How many attempts there may be [default: what the policy says]'
            cand --direct-to 'Only this swarm may work on it'
            cand --payload 'What the worker gets, as text'
            cand --payload-file 'What the worker gets, from a file; - for standard input'
            cand --idempotency-key 'Submitting again with the same key changes nothing'
            cand --by 'In whose name [default: the swarm of this worker, else you]'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;show'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;watch'= {
            cand --since 'Begin with what this revision brought about [default: what comes]'
            cand --task 'Only events of this task'
            cand --swarm 'Only events of this swarm and of the tasks that it has'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;wait'= {
            cand --timeout 'How long to wait at most; 0 looks once [default: for ever]'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;claim'= {
            cand --wait 'How long to wait for one; 0 looks once'
            cand --swarm 'Who claims it'
            cand --ttl 'How long the claim lasts without a heartbeat'
            cand --idempotency-key 'Claiming again with the same key gives the same token'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --next 'Claim the best ready task of the swarm, as the coordinator hands it out'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;heartbeat'= {
            cand --token 'What `claim` printed'
            cand --note 'How far the work is, in words: then it is a sign of progress too'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;progress'= {
            cand --token 'What `claim` printed'
            cand --note 'How far the work is, in words'
            cand --percent 'How far the work is, in hundredths [default: as said before]'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;complete'= {
            cand --token 'What `claim` printed'
            cand --result 'What the work produced, as text'
            cand --result-file 'What the work produced, from a file; - for standard input'
            cand --cost 'What it cost in dollars [default: what was set aside]'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;fail'= {
            cand --token 'What `claim` printed'
            cand --message 'What happened'
            cand --class 'A short word for the kind of failure'
            cand --cost 'What it cost in dollars [default: what was set aside]'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --retryable 'Trying again may help'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;release'= {
            cand --token 'What `claim` printed'
            cand --cost 'What it has cost in dollars'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;block'= {
            cand --token 'What `claim` printed'
            cand --needs 'What a helper must be able to do, domain:skill[,domain:skill]'
            cand --description 'The question'
            cand --cost 'What it has cost in dollars so far'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;unblock'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;cancel'= {
            cand --reason 'Why'
            cand --cost 'What the present attempt has cost in dollars'
            cand --by 'In whose name [default: the swarm of this worker, else you]'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;retry'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;mail'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand send 'Put a message into a mailbox, where it is kept until it was read'
            cand read 'Print the messages of a mailbox, one JSON document a line; each is deleted when it was printed'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ifctl;coordinator;mail;send'= {
            cand --to 'The swarm it is for, or `orchestrator`'
            cand --subject 'What it is about, in a line'
            cand --by 'In whose name [default: the swarm of this worker, else you]'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;mail;read'= {
            cand --swarm 'Whose mailbox'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --follow 'Go on with what comes, until interrupted'
            cand --keep 'Leave the messages there'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;mail;help'= {
            cand send 'Put a message into a mailbox, where it is kept until it was read'
            cand read 'Print the messages of a mailbox, one JSON document a line; each is deleted when it was printed'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ifctl;coordinator;mail;help;send'= {
        }
        &'ifctl;coordinator;mail;help;read'= {
        }
        &'ifctl;coordinator;mail;help;help'= {
        }
        &'ifctl;coordinator;listen'= {
            cand --swarm 'The swarm it belongs to'
            cand --slots 'How many tasks it takes at a time'
            cand --session-ttl 'How long it may be silent before its tasks go to others'
            cand --since 'Begin with what was pushed to the swarm from this revision on: messages, and assignments that are still held'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;bench'= {
            cand --duration 'How long each of the two measurements lasts'
            cand --clients 'How many clients claim at the same time'
            cand --watchers 'How many workers are connected while tasks are pushed, one at a time'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;work'= {
            cand --swarm 'The swarm it belongs to'
            cand --slots 'How many tasks it takes at a time'
            cand --session-ttl 'How long it may be silent before its tasks go to others'
            cand --grace 'How long the program may take to end after SIGTERM, before SIGKILL: when its task is lost, or the worker ends'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --pull 'Claim tasks in a race with everybody else, instead of being assigned'
            cand --once 'End after the first task'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;coordinator;help'= {
            cand start 'Run a coordinator in the foreground; prints one JSON line when it is ready'
            cand status 'Show what the coordinator and its store say of themselves'
            cand health 'Say whether the coordinator works: exit 0, or 10 and what is wrong'
            cand snapshot 'Save everything that the running store holds in a file'
            cand restore 'Make the store of an engine out of a snapshot; tokens from before are stale in it'
            cand swarms 'List swarms, their workers and their money'
            cand tasks 'List tasks'
            cand submit 'Submit one task, or a file of them'
            cand show 'Show one task with its holder, attempts, payload and result'
            cand watch 'Print every event of tasks and swarms as one JSON document a line, until interrupted'
            cand wait 'Wait until tasks have ended: exit 0 when all are completed, 9 when one failed, was given up or canceled'
            cand claim 'Claim a task, or the next one; prints the token that proves it'
            cand heartbeat 'Give a sign of life: renews the claim'
            cand progress 'Say how far the work is: a sign of life, and that it gets on'
            cand complete 'Report the work as done'
            cand fail 'Report that the attempt failed'
            cand release 'Give the task back unfinished'
            cand block 'Say that the attempt cannot go on without help'
            cand unblock 'Say that a task can go on that is blocked, or waits for one that failed'
            cand cancel 'Call a task off, whoever works on it'
            cand retry 'Try a task again that was given up, as often as in the beginning'
            cand mail 'Send messages to swarms, and read one''s own'
            cand listen 'Stay connected and print every push as one JSON document a line'
            cand bench 'Measure claims and pushes on this store; leaves nothing behind'
            cand work 'Make any executable a worker: task as JSON on its standard input, result from its standard output'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ifctl;coordinator;help;start'= {
        }
        &'ifctl;coordinator;help;status'= {
        }
        &'ifctl;coordinator;help;health'= {
        }
        &'ifctl;coordinator;help;snapshot'= {
        }
        &'ifctl;coordinator;help;restore'= {
        }
        &'ifctl;coordinator;help;swarms'= {
        }
        &'ifctl;coordinator;help;tasks'= {
        }
        &'ifctl;coordinator;help;submit'= {
        }
        &'ifctl;coordinator;help;show'= {
        }
        &'ifctl;coordinator;help;watch'= {
        }
        &'ifctl;coordinator;help;wait'= {
        }
        &'ifctl;coordinator;help;claim'= {
        }
        &'ifctl;coordinator;help;heartbeat'= {
        }
        &'ifctl;coordinator;help;progress'= {
        }
        &'ifctl;coordinator;help;complete'= {
        }
        &'ifctl;coordinator;help;fail'= {
        }
        &'ifctl;coordinator;help;release'= {
        }
        &'ifctl;coordinator;help;block'= {
        }
        &'ifctl;coordinator;help;unblock'= {
        }
        &'ifctl;coordinator;help;cancel'= {
        }
        &'ifctl;coordinator;help;retry'= {
        }
        &'ifctl;coordinator;help;mail'= {
            cand send 'Put a message into a mailbox, where it is kept until it was read'
            cand read 'Print the messages of a mailbox, one JSON document a line; each is deleted when it was printed'
        }
        &'ifctl;coordinator;help;mail;send'= {
        }
        &'ifctl;coordinator;help;mail;read'= {
        }
        &'ifctl;coordinator;help;listen'= {
        }
        &'ifctl;coordinator;help;bench'= {
        }
        &'ifctl;coordinator;help;work'= {
        }
        &'ifctl;coordinator;help;help'= {
        }
        &'ifctl;governor'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand register 'Register a swarm, or change what is known of it; what it has spent stays spent'
            cand unregister 'Take back a swarm''s profile and capabilities; what it has spent and earned stays'
            cand show 'Show everything about one swarm'
            cand capabilities 'Show who can do what, and what open tasks need that nobody can do; reads every profile and task'
            cand find-help 'Find the swarm that suits best; exit 3 when nobody qualifies'
            cand request-help 'Look for help for a blocked task, as happens by itself when it blocks; exit 3 when nobody qualifies'
            cand set-budgets 'Set budgets, those of all swarms or of some; exit 6 when one is below what is spent or reserved, and stays'
            cand charge 'Charge a swarm for an operation; exit 6 when its budget has too little left, and its breaker opens'
            cand budgets 'List budgets and circuit breakers'
            cand circuit-breakers 'List the circuit breakers that have ever opened'
            cand trip-circuit-breaker 'Open a circuit breaker: no work passes until a person resets it'
            cand reset-circuit-breaker 'Close a circuit breaker; a person must approve it'
            cand escalations 'Calls for a human: list them, look after them, settle them'
            cand policy 'Show, check, compare and apply policies'
            cand rails 'Choose among providers that serve the same purpose, by how they have done'
            cand rates 'Check and show what calls cost by what their answers say was used; exit 2 names the first error of the file'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ifctl;governor;register'= {
            cand --capabilities 'What it can do, domain:skill[,domain:skill]'
            cand --cost-per-hour 'What an hour of it costs, in dollars'
            cand --budget 'What it may spend, in dollars [default: what it has, else what the policy says]'
            cand --period 'How often its budget begins anew, by the calendar in UTC: hour, day, week, month, or never [default: as said before, else never]'
            cand --model 'The model behind it'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;unregister'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --force 'Also while it holds tasks or has connected workers; they go on with what they have begun'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;show'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;capabilities'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --gaps 'Only what open tasks need and nobody offers'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;find-help'= {
            cand --required 'What must be done, domain:skill[,domain:skill]'
            cand --max-cost 'The most it may cost, in dollars [default: what the policy allows for one task]'
            cand --hours 'How long it should take, in hours'
            cand --exclude 'Not to be asked, SWARM[,SWARM]'
            cand --limit 'Show no more than so many candidates, the best ones'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --explain 'Show every candidate, and what spoke against it'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;request-help'= {
            cand --needs 'What a helper must be able to do, domain:skill[,domain:skill] [default: what the blocked swarm has said]'
            cand --description 'The question [default: as the blocked swarm has put it]'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --dry-run 'Only say who would be asked'
            cand --explain 'Show everybody who offers what is needed, and why it is asked or not'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;set-budgets'= {
            cand --default-budget 'For every registered swarm that FILE does not name, and for newcomers, in dollars'
            cand --per-swarm 'A YAML file of swarms with their dollars, such as `builder: 25.0`'
            cand --overall 'For all swarms with a budget together, from now on, in dollars'
            cand --task 'For one task and the help for it, whoever works on it; may be given again'
            cand --period 'How often these budgets begin anew, by the calendar in UTC: hour, day, week, month, or never; alone, those of all swarms'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --no-overall 'All swarms together may spend what each of them may'
            cand --dry-run 'Only show what would change'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;charge'= {
            cand --operation 'What for, in words'
            cand --cost 'How much, in dollars'
            cand --task 'The task it is spent on: what was set aside for it comes first'
            cand --token 'What `claim` printed'
            cand --idempotency-key 'Charging again with the same key books nothing more; for a claim its own keys count'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --incurred 'It is gone already: booked in full, whatever the budget says'
            cand --total 'It is all that a claim has cost that has ended: what was booked for that is corrected'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;budgets'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;circuit-breakers'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --open 'Leave out those that are closed'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;trip-circuit-breaker'= {
            cand --reason 'Why, for whoever is to reset it'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;reset-circuit-breaker'= {
            cand --approved-by 'Who approves it; needed where nobody can be asked [default: you, once you have said yes]'
            cand --reason 'Why; needed where nobody can be asked'
            cand --new-budget 'What the swarm may spend in all from now on, in dollars; needed when its money is spent'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;escalations'= {
            cand --state 'Only those that have come so far'
            cand --swarm 'Only those about this swarm'
            cand --task 'Only those about this task'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --all 'Those that are resolved too'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List what people are called for, oldest first; what is resolved only with --all'
            cand show 'Show one call, who has answered it, and how far each channel has taken it'
            cand ack 'Say that you look after it: it is not sent again'
            cand resolve 'Say that it is settled'
            cand test 'Send a message of no consequence by each channel, with the secrets of this shell; exit 9 when one fails'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ifctl;governor;escalations;list'= {
            cand --state 'Only those that have come so far'
            cand --swarm 'Only those about this swarm'
            cand --task 'Only those about this task'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --all 'Those that are resolved too'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;escalations;show'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;escalations;ack'= {
            cand --note 'What there is to say about it'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;escalations;resolve'= {
            cand --note 'What there is to say about it'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;escalations;test'= {
            cand --channel 'Only by this one'
            cand --policy 'Those of this policy file, before it is put in force'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;escalations;help'= {
            cand list 'List what people are called for, oldest first; what is resolved only with --all'
            cand show 'Show one call, who has answered it, and how far each channel has taken it'
            cand ack 'Say that you look after it: it is not sent again'
            cand resolve 'Say that it is settled'
            cand test 'Send a message of no consequence by each channel, with the secrets of this shell; exit 9 when one fails'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ifctl;governor;escalations;help;list'= {
        }
        &'ifctl;governor;escalations;help;show'= {
        }
        &'ifctl;governor;escalations;help;ack'= {
        }
        &'ifctl;governor;escalations;help;resolve'= {
        }
        &'ifctl;governor;escalations;help;test'= {
        }
        &'ifctl;governor;escalations;help;help'= {
        }
        &'ifctl;governor;policy'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand show 'Show the policy in force, as a policy file that says where it came from'
            cand validate 'Check policy files; exit 2 names the first error of each that is none'
            cand diff 'Show where a policy file differs from what is in force'
            cand apply 'Put a policy in force and register the swarms it declares, until the leading coordinator''s file changes'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ifctl;governor;policy;show'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --default 'Show the built-in policy instead, with every key explained'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;policy;validate'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;policy;diff'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;policy;apply'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --dry-run 'Only show what would change'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;policy;help'= {
            cand show 'Show the policy in force, as a policy file that says where it came from'
            cand validate 'Check policy files; exit 2 names the first error of each that is none'
            cand diff 'Show where a policy file differs from what is in force'
            cand apply 'Put a policy in force and register the swarms it declares, until the leading coordinator''s file changes'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ifctl;governor;policy;help;show'= {
        }
        &'ifctl;governor;policy;help;validate'= {
        }
        &'ifctl;governor;policy;help;diff'= {
        }
        &'ifctl;governor;policy;help;apply'= {
        }
        &'ifctl;governor;policy;help;help'= {
        }
        &'ifctl;governor;rails'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --explain 'Show the parts of each score, and what speaks against a provider'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand show 'List providers with what is known of them'
            cand choose 'Name the provider to use; exit 6 when every circuit breaker is open'
            cand record 'Report how the use of a provider ended'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ifctl;governor;rails;show'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --explain 'Show the parts of each score, and what speaks against a provider'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;rails;choose'= {
            cand --amount 'How much is to be moved or spent, in dollars: then cost counts'
            cand --cost 'What a use would cost in dollars, PROVIDER=DOLLARS[,PROVIDER=DOLLARS] [default: what it has cost so far]'
            cand --seed 'Makes the choice one that can be repeated'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;rails;record'= {
            cand --time 'How long it took, such as 800ms or 1.2s'
            cand --cost 'What it cost, in dollars'
            cand --idempotency-key 'A name for this use: reporting it again counts once'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --success 'It did what was asked'
            cand --failure 'It did not'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;rails;help'= {
            cand show 'List providers with what is known of them'
            cand choose 'Name the provider to use; exit 6 when every circuit breaker is open'
            cand record 'Report how the use of a provider ended'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ifctl;governor;rails;help;show'= {
        }
        &'ifctl;governor;rails;help;choose'= {
        }
        &'ifctl;governor;rails;help;record'= {
        }
        &'ifctl;governor;rails;help;help'= {
        }
        &'ifctl;governor;rates'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;governor;help'= {
            cand register 'Register a swarm, or change what is known of it; what it has spent stays spent'
            cand unregister 'Take back a swarm''s profile and capabilities; what it has spent and earned stays'
            cand show 'Show everything about one swarm'
            cand capabilities 'Show who can do what, and what open tasks need that nobody can do; reads every profile and task'
            cand find-help 'Find the swarm that suits best; exit 3 when nobody qualifies'
            cand request-help 'Look for help for a blocked task, as happens by itself when it blocks; exit 3 when nobody qualifies'
            cand set-budgets 'Set budgets, those of all swarms or of some; exit 6 when one is below what is spent or reserved, and stays'
            cand charge 'Charge a swarm for an operation; exit 6 when its budget has too little left, and its breaker opens'
            cand budgets 'List budgets and circuit breakers'
            cand circuit-breakers 'List the circuit breakers that have ever opened'
            cand trip-circuit-breaker 'Open a circuit breaker: no work passes until a person resets it'
            cand reset-circuit-breaker 'Close a circuit breaker; a person must approve it'
            cand escalations 'Calls for a human: list them, look after them, settle them'
            cand policy 'Show, check, compare and apply policies'
            cand rails 'Choose among providers that serve the same purpose, by how they have done'
            cand rates 'Check and show what calls cost by what their answers say was used; exit 2 names the first error of the file'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ifctl;governor;help;register'= {
        }
        &'ifctl;governor;help;unregister'= {
        }
        &'ifctl;governor;help;show'= {
        }
        &'ifctl;governor;help;capabilities'= {
        }
        &'ifctl;governor;help;find-help'= {
        }
        &'ifctl;governor;help;request-help'= {
        }
        &'ifctl;governor;help;set-budgets'= {
        }
        &'ifctl;governor;help;charge'= {
        }
        &'ifctl;governor;help;budgets'= {
        }
        &'ifctl;governor;help;circuit-breakers'= {
        }
        &'ifctl;governor;help;trip-circuit-breaker'= {
        }
        &'ifctl;governor;help;reset-circuit-breaker'= {
        }
        &'ifctl;governor;help;escalations'= {
            cand list 'List what people are called for, oldest first; what is resolved only with --all'
            cand show 'Show one call, who has answered it, and how far each channel has taken it'
            cand ack 'Say that you look after it: it is not sent again'
            cand resolve 'Say that it is settled'
            cand test 'Send a message of no consequence by each channel, with the secrets of this shell; exit 9 when one fails'
        }
        &'ifctl;governor;help;escalations;list'= {
        }
        &'ifctl;governor;help;escalations;show'= {
        }
        &'ifctl;governor;help;escalations;ack'= {
        }
        &'ifctl;governor;help;escalations;resolve'= {
        }
        &'ifctl;governor;help;escalations;test'= {
        }
        &'ifctl;governor;help;policy'= {
            cand show 'Show the policy in force, as a policy file that says where it came from'
            cand validate 'Check policy files; exit 2 names the first error of each that is none'
            cand diff 'Show where a policy file differs from what is in force'
            cand apply 'Put a policy in force and register the swarms it declares, until the leading coordinator''s file changes'
        }
        &'ifctl;governor;help;policy;show'= {
        }
        &'ifctl;governor;help;policy;validate'= {
        }
        &'ifctl;governor;help;policy;diff'= {
        }
        &'ifctl;governor;help;policy;apply'= {
        }
        &'ifctl;governor;help;rails'= {
            cand show 'List providers with what is known of them'
            cand choose 'Name the provider to use; exit 6 when every circuit breaker is open'
            cand record 'Report how the use of a provider ended'
        }
        &'ifctl;governor;help;rails;show'= {
        }
        &'ifctl;governor;help;rails;choose'= {
        }
        &'ifctl;governor;help;rails;record'= {
        }
        &'ifctl;governor;help;rates'= {
        }
        &'ifctl;governor;help;help'= {
        }
        &'ifctl;chassis'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand compile 'Make a guest of a file in Python or C'
            cand load 'Put a swarm''s code under a contract'
            cand unload 'End a swarm''s contract: what it alone offers is taken back, its code leaves this host'
            cand list 'List what is loaded, and whether its code is on this host'
            cand contract 'Show the contract in force, and what was weakened since; as YAML unless told otherwise'
            cand exec 'Run one task in the sandbox: JSON from standard input, the answer to standard output'
            cand run 'Run one task in a container, under the same contract: JSON from standard input, the answer to standard output'
            cand serve 'Run the tasks that the coordinator pushes to swarms in the sandbox of this host'
            cand performance 'Show how a swarm''s tasks went, held against the promises of its contract'
            cand resources 'Show what swarms may use, use now, and have used at most'
            cand logs 'Show what a swarm''s guests have logged on this host'
            cand calls 'Show what swarms have called outside, provider by provider: how often, how much, how long, at what cost'
            cand reputation 'Show what swarms are worth to the governor, and how that comes about'
            cand credentials 'Issue a credential, with which one task may call some of what its contract allows; list them, take them back'
            cand secrets 'Secrets of this host that contracts have sent to services, and that no guest ever sees'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ifctl;chassis;compile'= {
            cand --wasm 'Where the guest is to be, also as --output FILE [default: beside the file, with .wasm at the end of its name]'
            cand --timeout 'How long the tool may take, in seconds'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --without-sandbox 'Run the tool with all your rights: the file can then read and change whatever you can'
            cand -q 'Show no progress'
            cand --quiet 'Show no progress'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;chassis;load'= {
            cand --wasm 'The code: a WebAssembly module, binary or text [default: that of the contract; none if it has a container only]'
            cand --contract 'The contract, in YAML'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --replace 'Also an older version, other code under the same version or weaker terms than those in force; recorded'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;chassis;unload'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;chassis;list'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;chassis;contract'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;chassis;exec'= {
            cand --task-id 'The task, for the record; one of somebody else that the swarm works on counts for its reputation'
            cand --token 'The token of its claim: what the task calls outside is paid from what was set aside for it'
            cand --credential 'The handle of a credential, which narrows what the task may call outside; better in the environment, for everybody on this machine can read arguments [default: one of its own, with all that the contract allows]'
            cand --ttl 'How long a task''s own credential lasts, in seconds, and with it the task [default: as long as the task may]'
            cand --allow-urls 'The URLs a task may call, with all that lies below them [default: all that the contract allows]'
            cand --methods 'The methods it may use [default: all that the contract allows]'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;chassis;run'= {
            cand --runtime 'What runs it, docker or podman [default: docker, where it is not installed podman]'
            cand --memory-limit 'How much memory it has, such as 256m [default, and at most: what the contract allows]'
            cand --cpu-limit 'Its share of a core, such as 0.25 [default, and at most: what the contract allows]'
            cand --image 'What it runs in, an image that is on this host [default: that of the contract]'
            cand --task-id 'The task, for the record; one of somebody else that the swarm works on counts for its reputation'
            cand --token 'The token of its claim: calls are paid from what was set aside for it, and the container ends with it'
            cand --credential 'The handle of a credential, which narrows what the task may call outside; better in the environment, for everybody on this machine can read arguments [default: one of its own, with all that the contract allows]'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;chassis;serve'= {
            cand --slots 'How many tasks of one swarm run at a time; by default contracts give each a quarter of a core'
            cand --session-ttl 'How long it may be silent before its tasks go to others'
            cand --grace 'How long running tasks may go on after SIGTERM, before they are given back'
            cand --max-memory-mb 'How much memory the contracts of all running tasks together may allow, in MiB; others wait [default: no limit]'
            cand --ttl 'How long a task''s own credential lasts, in seconds, and with it the task [default: as long as the task may]'
            cand --allow-urls 'The URLs a task may call, with all that lies below them [default: all that the contract allows]'
            cand --methods 'The methods it may use [default: all that the contract allows]'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;chassis;performance'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --watch 'Show it anew whenever a task ends: in place on a terminal, else one JSON document a line'
            cand --history 'Show the last hours and minutes instead'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;chassis;resources'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -w 'Go on showing it until interrupted: on a terminal with the last minute, elsewhere a line of JSON for each change'
            cand --watch 'Go on showing it until interrupted: on a terminal with the last minute, elsewhere a line of JSON for each change'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;chassis;logs'= {
            cand --task 'Only lines of this task'
            cand --since 'Only lines since then: 10m ago, or 2026-03-01T12:00:00Z'
            cand -n 'Only so many of the lines that there are, the newest'
            cand --lines 'Only so many of the lines that there are, the newest'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -f 'Go on with what comes, until interrupted'
            cand --follow 'Go on with what comes, until interrupted'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;chassis;calls'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;chassis;reputation'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;chassis;credentials'= {
            cand --task-id 'The task it is for'
            cand --ttl 'How long it lasts, in seconds'
            cand --urls 'The URLs it is for, with all that lies below them; also --endpoints, as the original design has it, which is therefore no option of the store here [default: all that the contract allows]'
            cand --methods 'The methods it is for [default: all that the contract allows]'
            cand --secret 'The secrets that go with its calls [default: all that the contract sends]'
            cand --revoke 'Take back this one, from this moment on'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --list 'List the swarm''s credentials, or those for the task'
            cand --all 'Take back all of the swarm''s, or all for the task'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;chassis;secrets'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand set 'Set a secret: from standard input, or asked for at a terminal'
            cand list 'List the secrets of this host, and where each comes from; never their values'
            cand remove 'Forget a secret'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ifctl;chassis;secrets;set'= {
            cand --from-env 'Read it from this variable of whoever runs tasks, each time it is needed'
            cand --from-command 'Have this program print it, each time it is needed; the last option'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;chassis;secrets;list'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;chassis;secrets;remove'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;chassis;secrets;help'= {
            cand set 'Set a secret: from standard input, or asked for at a terminal'
            cand list 'List the secrets of this host, and where each comes from; never their values'
            cand remove 'Forget a secret'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ifctl;chassis;secrets;help;set'= {
        }
        &'ifctl;chassis;secrets;help;list'= {
        }
        &'ifctl;chassis;secrets;help;remove'= {
        }
        &'ifctl;chassis;secrets;help;help'= {
        }
        &'ifctl;chassis;help'= {
            cand compile 'Make a guest of a file in Python or C'
            cand load 'Put a swarm''s code under a contract'
            cand unload 'End a swarm''s contract: what it alone offers is taken back, its code leaves this host'
            cand list 'List what is loaded, and whether its code is on this host'
            cand contract 'Show the contract in force, and what was weakened since; as YAML unless told otherwise'
            cand exec 'Run one task in the sandbox: JSON from standard input, the answer to standard output'
            cand run 'Run one task in a container, under the same contract: JSON from standard input, the answer to standard output'
            cand serve 'Run the tasks that the coordinator pushes to swarms in the sandbox of this host'
            cand performance 'Show how a swarm''s tasks went, held against the promises of its contract'
            cand resources 'Show what swarms may use, use now, and have used at most'
            cand logs 'Show what a swarm''s guests have logged on this host'
            cand calls 'Show what swarms have called outside, provider by provider: how often, how much, how long, at what cost'
            cand reputation 'Show what swarms are worth to the governor, and how that comes about'
            cand credentials 'Issue a credential, with which one task may call some of what its contract allows; list them, take them back'
            cand secrets 'Secrets of this host that contracts have sent to services, and that no guest ever sees'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ifctl;chassis;help;compile'= {
        }
        &'ifctl;chassis;help;load'= {
        }
        &'ifctl;chassis;help;unload'= {
        }
        &'ifctl;chassis;help;list'= {
        }
        &'ifctl;chassis;help;contract'= {
        }
        &'ifctl;chassis;help;exec'= {
        }
        &'ifctl;chassis;help;run'= {
        }
        &'ifctl;chassis;help;serve'= {
        }
        &'ifctl;chassis;help;performance'= {
        }
        &'ifctl;chassis;help;resources'= {
        }
        &'ifctl;chassis;help;logs'= {
        }
        &'ifctl;chassis;help;calls'= {
        }
        &'ifctl;chassis;help;reputation'= {
        }
        &'ifctl;chassis;help;credentials'= {
        }
        &'ifctl;chassis;help;secrets'= {
            cand set 'Set a secret: from standard input, or asked for at a terminal'
            cand list 'List the secrets of this host, and where each comes from; never their values'
            cand remove 'Forget a secret'
        }
        &'ifctl;chassis;help;secrets;set'= {
        }
        &'ifctl;chassis;help;secrets;list'= {
        }
        &'ifctl;chassis;help;secrets;remove'= {
        }
        &'ifctl;chassis;help;help'= {
        }
        &'ifctl;fence'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand check 'Say whether the token is the present holder''s: exit 0, or 5 and who holds the task'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ifctl;fence;check'= {
            cand --token 'What `claim` printed'
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;fence;help'= {
            cand check 'Say whether the token is the present holder''s: exit 0, or 5 and who holds the task'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ifctl;fence;help;check'= {
        }
        &'ifctl;fence;help;help'= {
        }
        &'ifctl;demo'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --json 'Print JSON; the same as -o json'
            cand --keep 'Leave the directory for looking around'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;completions'= {
            cand --endpoints 'Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]'
            cand --namespace 'Put before every key, so that several teams share one store'
            cand --command-timeout 'How long one call may take, such as 500ms or 5s [default: 5s]'
            cand --user 'User of the store, where it asks for one'
            cand --password 'The user''s password'
            cand --cacert 'Authorities that may have signed the store''s certificate, in PEM form [default: the system''s]'
            cand --cert 'Certificate to show to the store, where it asks for one'
            cand --key 'The certificate''s key'
            cand -o 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand --output 'How to print [default: table; what goes on and on: one JSON document a line]'
            cand -v 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand --verbose 'Say more on standard error; twice for still more (`IF_LOG` takes a filter)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ifctl;help'= {
            cand coordinator 'Tasks: submitted, claimed exactly once, pushed, completed'
            cand governor 'Swarms, their capabilities, their money'
            cand chassis 'Untrusted code: contracts, the sandbox, what it measured'
            cand fence 'Tokens, for what lies outside the store'
            cand demo 'Watch seven swarms share out a real backlog: starts everything it needs, and ends it again'
            cand completions 'Write the completion script of a shell to standard output'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ifctl;help;coordinator'= {
            cand start 'Run a coordinator in the foreground; prints one JSON line when it is ready'
            cand status 'Show what the coordinator and its store say of themselves'
            cand health 'Say whether the coordinator works: exit 0, or 10 and what is wrong'
            cand snapshot 'Save everything that the running store holds in a file'
            cand restore 'Make the store of an engine out of a snapshot; tokens from before are stale in it'
            cand swarms 'List swarms, their workers and their money'
            cand tasks 'List tasks'
            cand submit 'Submit one task, or a file of them'
            cand show 'Show one task with its holder, attempts, payload and result'
            cand watch 'Print every event of tasks and swarms as one JSON document a line, until interrupted'
            cand wait 'Wait until tasks have ended: exit 0 when all are completed, 9 when one failed, was given up or canceled'
            cand claim 'Claim a task, or the next one; prints the token that proves it'
            cand heartbeat 'Give a sign of life: renews the claim'
            cand progress 'Say how far the work is: a sign of life, and that it gets on'
            cand complete 'Report the work as done'
            cand fail 'Report that the attempt failed'
            cand release 'Give the task back unfinished'
            cand block 'Say that the attempt cannot go on without help'
            cand unblock 'Say that a task can go on that is blocked, or waits for one that failed'
            cand cancel 'Call a task off, whoever works on it'
            cand retry 'Try a task again that was given up, as often as in the beginning'
            cand mail 'Send messages to swarms, and read one''s own'
            cand listen 'Stay connected and print every push as one JSON document a line'
            cand bench 'Measure claims and pushes on this store; leaves nothing behind'
            cand work 'Make any executable a worker: task as JSON on its standard input, result from its standard output'
        }
        &'ifctl;help;coordinator;start'= {
        }
        &'ifctl;help;coordinator;status'= {
        }
        &'ifctl;help;coordinator;health'= {
        }
        &'ifctl;help;coordinator;snapshot'= {
        }
        &'ifctl;help;coordinator;restore'= {
        }
        &'ifctl;help;coordinator;swarms'= {
        }
        &'ifctl;help;coordinator;tasks'= {
        }
        &'ifctl;help;coordinator;submit'= {
        }
        &'ifctl;help;coordinator;show'= {
        }
        &'ifctl;help;coordinator;watch'= {
        }
        &'ifctl;help;coordinator;wait'= {
        }
        &'ifctl;help;coordinator;claim'= {
        }
        &'ifctl;help;coordinator;heartbeat'= {
        }
        &'ifctl;help;coordinator;progress'= {
        }
        &'ifctl;help;coordinator;complete'= {
        }
        &'ifctl;help;coordinator;fail'= {
        }
        &'ifctl;help;coordinator;release'= {
        }
        &'ifctl;help;coordinator;block'= {
        }
        &'ifctl;help;coordinator;unblock'= {
        }
        &'ifctl;help;coordinator;cancel'= {
        }
        &'ifctl;help;coordinator;retry'= {
        }
        &'ifctl;help;coordinator;mail'= {
            cand send 'Put a message into a mailbox, where it is kept until it was read'
            cand read 'Print the messages of a mailbox, one JSON document a line; each is deleted when it was printed'
        }
        &'ifctl;help;coordinator;mail;send'= {
        }
        &'ifctl;help;coordinator;mail;read'= {
        }
        &'ifctl;help;coordinator;listen'= {
        }
        &'ifctl;help;coordinator;bench'= {
        }
        &'ifctl;help;coordinator;work'= {
        }
        &'ifctl;help;governor'= {
            cand register 'Register a swarm, or change what is known of it; what it has spent stays spent'
            cand unregister 'Take back a swarm''s profile and capabilities; what it has spent and earned stays'
            cand show 'Show everything about one swarm'
            cand capabilities 'Show who can do what, and what open tasks need that nobody can do; reads every profile and task'
            cand find-help 'Find the swarm that suits best; exit 3 when nobody qualifies'
            cand request-help 'Look for help for a blocked task, as happens by itself when it blocks; exit 3 when nobody qualifies'
            cand set-budgets 'Set budgets, those of all swarms or of some; exit 6 when one is below what is spent or reserved, and stays'
            cand charge 'Charge a swarm for an operation; exit 6 when its budget has too little left, and its breaker opens'
            cand budgets 'List budgets and circuit breakers'
            cand circuit-breakers 'List the circuit breakers that have ever opened'
            cand trip-circuit-breaker 'Open a circuit breaker: no work passes until a person resets it'
            cand reset-circuit-breaker 'Close a circuit breaker; a person must approve it'
            cand escalations 'Calls for a human: list them, look after them, settle them'
            cand policy 'Show, check, compare and apply policies'
            cand rails 'Choose among providers that serve the same purpose, by how they have done'
            cand rates 'Check and show what calls cost by what their answers say was used; exit 2 names the first error of the file'
        }
        &'ifctl;help;governor;register'= {
        }
        &'ifctl;help;governor;unregister'= {
        }
        &'ifctl;help;governor;show'= {
        }
        &'ifctl;help;governor;capabilities'= {
        }
        &'ifctl;help;governor;find-help'= {
        }
        &'ifctl;help;governor;request-help'= {
        }
        &'ifctl;help;governor;set-budgets'= {
        }
        &'ifctl;help;governor;charge'= {
        }
        &'ifctl;help;governor;budgets'= {
        }
        &'ifctl;help;governor;circuit-breakers'= {
        }
        &'ifctl;help;governor;trip-circuit-breaker'= {
        }
        &'ifctl;help;governor;reset-circuit-breaker'= {
        }
        &'ifctl;help;governor;escalations'= {
            cand list 'List what people are called for, oldest first; what is resolved only with --all'
            cand show 'Show one call, who has answered it, and how far each channel has taken it'
            cand ack 'Say that you look after it: it is not sent again'
            cand resolve 'Say that it is settled'
            cand test 'Send a message of no consequence by each channel, with the secrets of this shell; exit 9 when one fails'
        }
        &'ifctl;help;governor;escalations;list'= {
        }
        &'ifctl;help;governor;escalations;show'= {
        }
        &'ifctl;help;governor;escalations;ack'= {
        }
        &'ifctl;help;governor;escalations;resolve'= {
        }
        &'ifctl;help;governor;escalations;test'= {
        }
        &'ifctl;help;governor;policy'= {
            cand show 'Show the policy in force, as a policy file that says where it came from'
            cand validate 'Check policy files; exit 2 names the first error of each that is none'
            cand diff 'Show where a policy file differs from what is in force'
            cand apply 'Put a policy in force and register the swarms it declares, until the leading coordinator''s file changes'
        }
        &'ifctl;help;governor;policy;show'= {
        }
        &'ifctl;help;governor;policy;validate'= {
        }
        &'ifctl;help;governor;policy;diff'= {
        }
        &'ifctl;help;governor;policy;apply'= {
        }
        &'ifctl;help;governor;rails'= {
            cand show 'List providers with what is known of them'
            cand choose 'Name the provider to use; exit 6 when every circuit breaker is open'
            cand record 'Report how the use of a provider ended'
        }
        &'ifctl;help;governor;rails;show'= {
        }
        &'ifctl;help;governor;rails;choose'= {
        }
        &'ifctl;help;governor;rails;record'= {
        }
        &'ifctl;help;governor;rates'= {
        }
        &'ifctl;help;chassis'= {
            cand compile 'Make a guest of a file in Python or C'
            cand load 'Put a swarm''s code under a contract'
            cand unload 'End a swarm''s contract: what it alone offers is taken back, its code leaves this host'
            cand list 'List what is loaded, and whether its code is on this host'
            cand contract 'Show the contract in force, and what was weakened since; as YAML unless told otherwise'
            cand exec 'Run one task in the sandbox: JSON from standard input, the answer to standard output'
            cand run 'Run one task in a container, under the same contract: JSON from standard input, the answer to standard output'
            cand serve 'Run the tasks that the coordinator pushes to swarms in the sandbox of this host'
            cand performance 'Show how a swarm''s tasks went, held against the promises of its contract'
            cand resources 'Show what swarms may use, use now, and have used at most'
            cand logs 'Show what a swarm''s guests have logged on this host'
            cand calls 'Show what swarms have called outside, provider by provider: how often, how much, how long, at what cost'
            cand reputation 'Show what swarms are worth to the governor, and how that comes about'
            cand credentials 'Issue a credential, with which one task may call some of what its contract allows; list them, take them back'
            cand secrets 'Secrets of this host that contracts have sent to services, and that no guest ever sees'
        }
        &'ifctl;help;chassis;compile'= {
        }
        &'ifctl;help;chassis;load'= {
        }
        &'ifctl;help;chassis;unload'= {
        }
        &'ifctl;help;chassis;list'= {
        }
        &'ifctl;help;chassis;contract'= {
        }
        &'ifctl;help;chassis;exec'= {
        }
        &'ifctl;help;chassis;run'= {
        }
        &'ifctl;help;chassis;serve'= {
        }
        &'ifctl;help;chassis;performance'= {
        }
        &'ifctl;help;chassis;resources'= {
        }
        &'ifctl;help;chassis;logs'= {
        }
        &'ifctl;help;chassis;calls'= {
        }
        &'ifctl;help;chassis;reputation'= {
        }
        &'ifctl;help;chassis;credentials'= {
        }
        &'ifctl;help;chassis;secrets'= {
            cand set 'Set a secret: from standard input, or asked for at a terminal'
            cand list 'List the secrets of this host, and where each comes from; never their values'
            cand remove 'Forget a secret'
        }
        &'ifctl;help;chassis;secrets;set'= {
        }
        &'ifctl;help;chassis;secrets;list'= {
        }
        &'ifctl;help;chassis;secrets;remove'= {
        }
        &'ifctl;help;fence'= {
            cand check 'Say whether the token is the present holder''s: exit 0, or 5 and who holds the task'
        }
        &'ifctl;help;fence;check'= {
        }
        &'ifctl;help;demo'= {
        }
        &'ifctl;help;completions'= {
        }
        &'ifctl;help;help'= {
        }
    ]
    $completions[$command]
}
