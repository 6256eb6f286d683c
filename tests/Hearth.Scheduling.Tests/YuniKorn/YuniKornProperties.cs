using Hearth.Kube.Core;
using Hearth.Scheduling.YuniKorn;
using Hearth.Scheduling.YuniKorn.Configuration;
using Hearth.Scheduling.YuniKorn.Core;

namespace Hearth.Scheduling.Tests.YuniKorn;

/// <summary>What holds whatever is submitted: many random loads, each from a seed that a failure names.</summary>
public sealed class YuniKornProperties
{
    private static readonly PartitionConfig Queues = QueuesYaml.Read("""
        partitions:
          - name: default
            placementrules: [{name: provided, create: false}]
            queues:
              - name: root
                submitacl: "*"
                queues:
                  - {name: small, resources: {max: {vcore: 4, memory: 16Gi}}}
                  - {name: large, maxapplications: 3, resources: {guaranteed: {vcore: 6}, max: {vcore: 12}}}
                  - name: both
                    parent: true
                    resources: {max: {vcore: 10}}
                    queues:
                      - {name: a, resources: {guaranteed: {vcore: 3}, max: {vcore: 8}}}
                      - {name: b, limits: [{limit: each, users: ["*"], maxresources: {vcore: 3}}]}
        """);

    private static readonly string[] Leaves = ["root.small", "root.large", "root.both.a", "root.both.b", "root.nowhere"];

    [Fact]
    public void In_ten_thousand_loads_no_partial_gang_stays_no_queue_passes_its_max_and_nothing_leaks()
    {
        Parallel.For(0, 10_000, seed => new Load(seed).Run());
    }

    private sealed class Load
    {
        private readonly int _seed;
        private readonly Random _random;
        private readonly YuniKornWorld _world;
        private readonly Dictionary<string, (int Members, bool Hard)> _gangs = new(StringComparer.Ordinal);
        private readonly HashSet<string> _resumed = new(StringComparer.Ordinal);
        private readonly HashSet<string> _checked = new(StringComparer.Ordinal);
        private int _names;
        private int _read;

        public Load(int seed)
        {
            _seed = seed;
            _random = new Random(seed);
            _world = new YuniKornWorld(Queues, Enumerable.Range(0, _random.Next(1, 4)).Select(i => YuniKornWorld.Node($"n{i}", $"cpu={_random.Next(1, 9)},memory=32Gi,pods=20")))
            {
                AfterStep = Check,
            };
        }

        public void Run()
        {
            try
            {
                for (var i = _random.Next(4, 14); i > 0; i--)
                {
                    Act();
                    Check();
                }

                Drain();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {_seed}: {e.Message}\n{string.Join('\n', _world.Log)}", e);
            }
        }

        private void Act()
        {
            var pods = _world.Pods.Values.Where(p => p.Status?.Phase is not "Failed" and not "Succeeded").ToArray();
            switch (_random.Next(10))
            {
                case < 3:
                    Gang();
                    break;
                case < 5:
                    _world.Create($"p{_names++}", $"cpu={_random.Next(1, 4)}", $"app{_random.Next(3)}", Leaves[_random.Next(Leaves.Length)], user: $"u{_random.Next(2)}", priority: _random.Next(3));
                    break;
                case 5 when pods.Length > 0:
                    End(pods[_random.Next(pods.Length)].Metadata.Name!, _world.Delete);
                    break;
                case 6 when pods.Any(p => p.Spec!.NodeName is not null):
                    var phase = _random.Next(2) == 0 ? "Succeeded" : "Failed";
                    End(pods.First(p => p.Spec!.NodeName is not null).Metadata.Name!, name => _world.Finish(name, phase));
                    break;
                case 7:
                    _world.AddNode(YuniKornWorld.Node($"n{_random.Next(6)}", $"cpu={_random.Next(1, 9)},memory=32Gi,pods=20"));
                    break;
                default:
                    _world.Pass(_random.Next(1, 50));
                    break;
            }
        }

        /// <summary>Without its driver a gang is one no more: what is left of its pods begins a new application.</summary>
        private void End(string name, Action<string> end)
        {
            if (name.EndsWith("-driver", StringComparison.Ordinal))
            {
                _gangs.Remove(name[..^"-driver".Length]);
            }

            end(name);
        }

        private void Gang()
        {
            var app = $"gang{_names++}";
            var executors = _random.Next(1, 6);
            var hard = _random.Next(2) == 0;
            _gangs[app] = (executors + 1, hard);
            var queue = Leaves[_random.Next(Leaves.Length)];
            var cpu = _random.Next(1, 3);
            var gang = $$$"""[{"name":"d","minMember":1,"minResource":{"cpu":1}},{"name":"e","minMember":{{{executors}}},"minResource":{"cpu":{{{cpu}}} }}]""";
            _world.Create($"{app}-driver", "cpu=1", app, queue, "d", gang, $"placeholderTimeoutInSeconds=60 gangSchedulingStyle={(hard ? "Hard" : "Soft")}");
            for (var i = _random.Next(executors + 2); i > 0; i--)
            {
                _world.Create($"{app}-exec-{i}", $"cpu={(_random.Next(8) == 0 ? cpu + 1 : cpu)}", app, queue, "e");
            }
        }

        /// <summary>Holds at every moment.</summary>
        private void Check()
        {
            var used = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var pod in _world.Pods.Values.Where(p => p.Spec!.NodeName is not null && p.Status?.Phase is not "Failed" and not "Succeeded"))
            {
                used[pod.Spec!.NodeName!] = used.GetValueOrDefault(pod.Spec.NodeName!) + MilliCpu(pod);
            }

            foreach (var node in _world.Cluster.Nodes)
            {
                // A node that came back smaller may hold more than it has; nothing is added to it then.
                Require(used.GetValueOrDefault(node.Name) <= Math.Max(node.Allocatable.MilliCpu, node.Requested.MilliCpu), node, static n => $"{n.Name} is over-committed");
            }

            foreach (var queue in _world.Partition.Queues.Root.Downward())
            {
                Require(queue.Max.Holds(queue.Allocated) && queue.Allocated.MilliCpu >= 0, queue, static q => $"{q.Path} has {q.Allocated} of {q.Max}");
            }

            foreach (var record in _world.Partition.Users.All)
            {
                Require(record.Key.Queue != "root.both.b" || record.Key.Group || record.Value.Used.MilliCpu <= 3000, record.Key, static k => $"{k.Name} passes its limit");
            }

            CheckGangs();
        }

        /// <summary>A real pod of a gang has a place only once the whole gang had its places, or was given up softly.</summary>
        private void CheckGangs()
        {
            for (; _read < _world.Log.Count; _read++)
            {
                var line = _world.Log[_read];
                if (line.Contains("(SOFT)", StringComparison.Ordinal) || line.Contains("completed reservation", StringComparison.Ordinal))
                {
                    _resumed.Add(line[(line.IndexOf("Application ", StringComparison.Ordinal) + 12)..].Split(' ')[0]);
                }
            }

            foreach (var pod in _world.Pods.Values.Where(p => p.Spec!.NodeName is not null && !p.Metadata.Name!.StartsWith("tg-", StringComparison.Ordinal) && _checked.Add(p.Metadata.Uid!)))
            {
                var app = PodIdentity.Of(pod.Metadata).ApplicationId;
                Require(!_gangs.ContainsKey(app) || _resumed.Contains(app), pod, static p => $"{p.Metadata.Name} has a place before its gang");
            }
        }

        private static long MilliCpu(Pod pod) => pod.Spec!.Containers![0].Resources!.Requests!["cpu"].MilliValue;

        /// <summary>As an assertion, without making its text when it holds, and without compiling its condition: that costs more than the whole load.</summary>
        private static void Require<T>(bool holds, T about, Func<T, string> otherwise)
        {
            if (!holds)
            {
                throw new InvalidOperationException(otherwise(about));
            }
        }

        /// <summary>Time passes until all that can happen has; then everything ends, and nothing may be left.</summary>
        private void Drain()
        {
            _world.Pass(61);
            _world.Pass(61);
            _world.Pass(61);
            foreach (var app in _gangs.Where(g => g.Value.Hard && _world.Partition.Ended.Any(a => a.Id == g.Key && a.State == ApplicationState.Failed)).Select(g => g.Key))
            {
                Require(!_world.Pods.Values.Any(p => p.Spec!.NodeName != null && p.Status!.Phase == "Running" && PodIdentity.Of(p.Metadata).ApplicationId == app), app, static a => $"a part of {a} was left running");
            }

            foreach (var name in _world.Pods.Values.Select(p => p.Metadata.Name!).ToArray())
            {
                if (_world.Pods.ContainsKey($"ns/{name}"))
                {
                    _world.Delete(name);
                }
            }

            _world.Pass(31);
            _world.Pass(31);
            Require(_world.Pods.Count == 0, _world, static w => $"pods are left: {string.Join(", ", w.Pods.Keys)}");
            Require(_world.Partition.Applications.Count == 0, _world, static w => $"applications are left: {string.Join(", ", w.Partition.Applications.Keys)}");
            Require(!_world.Partition.Users.All.Any(), _world, static w => $"use is left: {string.Join(", ", w.Partition.Users.All.Select(u => u.Key))}");
            foreach (var node in _world.Cluster.Nodes)
            {
                Require(node.Pods.Count == 0, node, static n => $"{n.Name} still has {string.Join(", ", n.Pods)}");
            }

            foreach (var queue in _world.Partition.Queues.Root.Downward())
            {
                Require((queue.Allocated, queue.Pending, queue.Preempting, queue.Running) == (default, default, default, 0), queue, static q => $"{q.Path} still counts {q.Allocated}, {q.Pending}, {q.Preempting}, {q.Running}");
            }
        }
    }
}
