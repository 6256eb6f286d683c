using Hearth.Delivery.Charts;
using Hearth.Delivery.Manifests;
using Hearth.Platform;

namespace Hearth.Delivery.Tests;

public sealed class RenderingTests
{
    private static PlatformDeclaration Karpenter => PlatformLoader.Load("emr-eks-karpenter");

    [Fact]
    public void A_blueprint_is_a_folder_of_numbered_files() =>
        Paths(Karpenter).ShouldBe(
        [
            "10-namespaces.yaml", "20-rbac.yaml", "30-storage-classes.yaml", "40-priority-classes.yaml", "60-node-pools.yaml", "80-monitors.yaml",
            "charts.yaml", "install-charts.sh", "values/karpenter.yaml", "values/kube-prometheus-stack.yaml", "values/aws-for-fluent-bit.yaml",
        ]);

    [Fact]
    public void Every_add_on_that_a_chart_installs_has_one() =>
        AddonCatalog.All.Where(a => a.Source == "helm").Select(a => a.Name).ShouldBe(ChartCatalog.All.Select(c => c.Addon), ignoreOrder: true);

    [Fact]
    public void Charts_are_pinned_in_one_file()
    {
        Text(Karpenter, "charts.yaml").ShouldContain("1.2.1");
        ChartCatalog.All.ShouldAllBe(c => c.Version(Karpenter).Length > 0);
    }

    [Fact]
    public void A_switched_off_add_on_leaves_nothing_behind() =>
        Paths(With("karpenter", enabled: false)).ShouldNotContain(p => p.Contains("karpenter", StringComparison.Ordinal) || p.StartsWith("60", StringComparison.Ordinal));

    [Fact]
    public void EMR_gets_real_verbs_in_each_teams_namespace()
    {
        var rbac = Text(Karpenter, "20-rbac.yaml");

        rbac.ShouldContain("name: emr-containers");
        rbac.ShouldContain("namespace: emr-data-team-b");
        foreach (var unreal in (string[])["describe", "edit", "annotate", "label"])
        {
            rbac.Split('\n').ShouldNotContain(l => l.Trim().Trim('-', ' ', '[', ']').Split(", ", StringSplitOptions.None).Contains(unreal));
        }
    }

    [Fact]
    public void YuniKorn_gets_the_declared_queues_as_a_tree()
    {
        var values = Text(With("yunikorn", enabled: true), "values/yunikorn.yaml");

        values.ShouldContain("queues.yaml");
        values.ShouldContain("name: prod");
        values.ShouldContain("memory: 500G");
        values.ShouldContain("binpacking");
    }

    [Fact]
    public void Values_know_the_role_of_each_service_account_without_the_agent()
    {
        Text(With("eks-pod-identity-agent", enabled: false), "values/karpenter.yaml").ShouldContain("eks.amazonaws.com/role-arn: arn:aws:iam::000000000000:role/emr-eks-karpenter-karpenter-controller");
        Text(Karpenter, "values/karpenter.yaml").ShouldNotContain("role-arn");
    }

    [Fact]
    public void What_only_AWS_knows_stays_a_placeholder_until_it_is_given()
    {
        Text(Karpenter, "values/karpenter.yaml").ShouldContain("${ClusterEndpoint}");
        var outputs = StackOutputs.Of(new Dictionary<string, string> { ["ClusterEndpoint"] = "https://eks.example" });
        Rendering.Of(Karpenter, outputs).Single(f => f.Path == "values/karpenter.yaml").Text.ShouldContain("https://eks.example");
    }

    [Fact]
    public void Charts_can_be_installed_by_a_script_in_the_order_they_need_each_other()
    {
        var lines = Text(PlatformLoader.Load("analytics-platform"), "install-charts.sh").Split('\n').Where(l => l.StartsWith("helm ", StringComparison.Ordinal)).ToList();

        lines[0].ShouldStartWith("helm upgrade --install cert-manager cert-manager --repo https://charts.jetstack.io --version 1.11.2 --namespace cert-manager");
        lines.FindIndex(l => l.Contains("aws-load-balancer-controller", StringComparison.Ordinal)).ShouldBeGreaterThan(0);
        lines.ShouldAllBe(l => l.Contains("--values values/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1.11.2", "installCRDs: true")]
    [InlineData("1.18.2", "enabled: true")]
    public void Cert_manager_brings_its_definitions_in_the_words_of_its_version(string version, string words) =>
        Text(Karpenter with { Addons = new Dictionary<string, AddonSwitch>(Karpenter.Addons) { ["cert-manager"] = new AddonSwitch { Version = version } } }, "values/cert-manager.yaml").ShouldContain(words);

    [Fact]
    public void The_history_server_reads_where_jobs_write() =>
        Text(With("spark-history-server", enabled: true), "values/spark-history-server.yaml").ShouldContain("-Dspark.history.fs.logDirectory=s3a://emr-eks-karpenter-emr-000000000000-us-west-2/spark-event-logs/");

    [Fact]
    public void Fluent_Bit_writes_to_the_stacks_group_and_names_no_other() => Text(Karpenter, "values/aws-for-fluent-bit.yaml").ShouldContain("logGroupTemplate: \"\"");

    [Theory]
    [InlineData("karpenter", "oci://public.ecr.aws/karpenter", "karpenter", "karpenter", "1.2.1", "interruptionQueue: karpenter-emr-eks-karpenter")]
    [InlineData("cluster-autoscaler", "https://kubernetes.github.io/autoscaler", "cluster-autoscaler", "kube-system", "9.35.0", "aws-use-static-instance-list: true")]
    [InlineData("cluster-proportional-autoscaler", "https://kubernetes-sigs.github.io/cluster-proportional-autoscaler", "cluster-proportional-autoscaler", "kube-system", "1.1.0", "target: deployment/coredns")]
    [InlineData("kube-prometheus-stack", "https://prometheus-community.github.io/helm-charts", "kube-prometheus-stack", "kube-prometheus-stack", "69.5.2", "retention: 5h")]
    [InlineData("kubecost", "oci://public.ecr.aws/kubecost", "cost-analyzer", "kubecost", "1.104.5", "productAnalytics: false")]
    [InlineData("aws-for-fluent-bit", "https://aws.github.io/eks-charts", "aws-for-fluent-bit", "kube-system", "0.1.34", "logGroupName: /emr-eks-karpenter/aws-fluentbit-logs")]
    [InlineData("aws-fsx-csi-driver", "https://kubernetes-sigs.github.io/aws-fsx-csi-driver", "aws-fsx-csi-driver", "kube-system", "1.9.0", "operator: Exists")]
    [InlineData("aws-load-balancer-controller", "https://aws.github.io/eks-charts", "aws-load-balancer-controller", "kube-system", "1.11.0", "enableServiceMutatorWebhook: false")]
    [InlineData("yunikorn", "https://apache.github.io/yunikorn-release", "yunikorn", "yunikorn", "1.6.3", "service.placeholderImage: registry.k8s.io/pause:3.7")]
    [InlineData("emr-spark-operator", "oci://public.ecr.aws/emr-on-eks", "spark-operator", "emr-spark-operator", "7.9.0", "awsRegion: us-west-2")]
    [InlineData("spark-history-server", "https://kubedai.github.io/spark-history-server", "spark-history-server", "spark-history-server", "1.3.2", "spark.history.ui.port=18080")]
    [InlineData("cert-manager", "https://charts.jetstack.io", "cert-manager", "cert-manager", "1.18.2", "enabled: true")]
    public void Each_add_on_comes_from_its_chart(string addon, string repository, string name, string ns, string version, string values)
    {
        var platform = With(addon, enabled: true);
        var chart = ChartCatalog.Enabled(platform).Single(c => c.Addon == addon);

        (chart.Repository, chart.Name, chart.Entry.Namespace, chart.Version(platform)).ShouldBe((repository, name, ns, version));
        Text(platform, $"values/{addon}.yaml").ShouldContain(values);
    }

    [Theory]
    [InlineData("spark-compute-optimized", "c5d", "RAID0", "SparkComputeOptimized")]
    [InlineData("spark-memory-optimized", "r5d", "RAID0", "SparkMemoryOptimized")]
    [InlineData("spark-graviton-memory-optimized", "r6gd", "RAID0", "SparkGravitonMemoryOptimized")]
    [InlineData("spark-with-ebs", "c5", "", "spark-with-ebs")]
    public void Node_pools_and_their_classes_are_the_blueprints(string name, string family, string store, string group)
    {
        var objects = PlatformObjects.Of(Karpenter).Where(o => o["metadata"]!["name"]!.GetValue<string>() == name).ToDictionary(o => o["kind"]!.GetValue<string>());
        var (pool, node) = (objects["NodePool"]["spec"]!, objects["EC2NodeClass"]["spec"]!);

        pool["weight"]!.GetValue<int>().ShouldBe(100);
        pool["limits"]!.ToJsonString().ShouldBe("""{"cpu":"1000","memory":"1000Gi"}""");
        pool["template"]!["metadata"]!["labels"]!["NodeGroupType"]!.GetValue<string>().ShouldBe(group);
        pool["template"]!["spec"]!["requirements"]!.AsArray().Single(r => r!["key"]!.GetValue<string>().EndsWith("instance-family", StringComparison.Ordinal))!["values"]![0]!.GetValue<string>().ShouldBe(family);
        pool["template"]!["spec"]!["expireAfter"]!.GetValue<string>().ShouldBe("720h");
        (node["instanceStorePolicy"]?.GetValue<string>() ?? "").ShouldBe(store);
        node["role"]!.GetValue<string>().ShouldBe("karpenter-emr-eks-karpenter");
        node["subnetSelectorTerms"]![0]!["tags"]!["karpenter.sh/discovery"]!.GetValue<string>().ShouldBe("emr-eks-karpenter");
        node["blockDeviceMappings"]?[0]!["ebs"]!["encrypted"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public void Storage_classes_are_encrypted_and_wait_for_their_pod()
    {
        var classes = PlatformObjects.Of(Karpenter).Where(o => o["kind"]!.GetValue<string>() == "StorageClass").ToArray();

        classes.Select(c => c["metadata"]!["name"]!.GetValue<string>()).ShouldBe(["gp3", "emr-eks-karpenter-ebs-sc"]);
        classes.ShouldAllBe(c => c["provisioner"]!.GetValue<string>() == "ebs.csi.aws.com" && c["parameters"]!["encrypted"]!.GetValue<string>() == "true" && c["volumeBindingMode"]!.GetValue<string>() == "WaitForFirstConsumer");
    }

    [Fact]
    public void Lustre_comes_as_a_class_and_a_retained_volume_of_the_size_that_the_file_system_has()
    {
        var lustre = Text(With("aws-fsx-csi-driver", enabled: true), "70-lustre.yaml");

        lustre.ShouldContain("deploymentType: SCRATCH_2");
        lustre.ShouldContain("persistentVolumeReclaimPolicy: Retain");
        lustre.ShouldContain("storage: 2400Gi");
        lustre.ShouldContain("volumeHandle: ${LustreFileSystemId}");
    }

    [Theory]
    [InlineData("emr-eks-karpenter")]
    [InlineData("analytics-platform")]
    public void Nothing_rendered_is_a_secret_or_gives_rights_in_the_whole_cluster(string blueprint)
    {
        var platform = PlatformLoader.Load(blueprint);
        var everything = platform with { Addons = AddonCatalog.All.ToDictionary(a => a.Name, _ => new AddonSwitch { Enabled = true }) };

        Rendering.Of(everything, StackOutputs.None).ShouldAllBe(f => !f.Text.Contains("kind: ClusterRoleBinding", StringComparison.Ordinal) && !f.Text.Contains("kind: Secret", StringComparison.Ordinal));
        Rendering.Of(everything, StackOutputs.None).ShouldAllBe(f => !f.Text.Contains("cluster-admin", StringComparison.Ordinal));
    }

    [Fact]
    public void Node_pools_are_tainted_as_declared()
    {
        var pool = Karpenter.NodePools[0] with { Taints = [new Taint { Key = "spark", Value = "yes" }] };

        KarpenterObjects.Of(Karpenter with { NodePools = [pool] }).Last()["spec"]!["template"]!["spec"]!["taints"]!.ToJsonString().ShouldBe("""[{"key":"spark","value":"yes","effect":"NoSchedule"}]""");
        Text(Karpenter, "60-node-pools.yaml").ShouldNotContain("taints");
    }

    [Fact]
    public void Spark_is_scraped_once_by_the_name_of_its_port()
    {
        var monitors = Text(Karpenter, "80-monitors.yaml");

        monitors.Split("kind:").Length.ShouldBe(2);
        monitors.ShouldContain("port: spark-ui");
        monitors.ShouldContain("path: /metrics/executors/prometheus/");
        Text(Karpenter, "values/kube-prometheus-stack.yaml").ShouldNotContain("prometheus_io_scrape");
        Text(With("yunikorn", enabled: true), "values/kube-prometheus-stack.yaml").ShouldContain("metrics_path: /ws/v1/metrics");
    }

    [Fact]
    public void No_password_is_rendered() =>
        Rendering.Of(Karpenter, StackOutputs.None).ShouldAllBe(f => !f.Text.Contains("adminPassword", StringComparison.Ordinal));

    [Fact]
    public void Fluent_Bit_reads_the_logs_of_every_team() =>
        Text(Karpenter, "values/aws-for-fluent-bit.yaml").ShouldContain("/var/log/containers/*_emr-data-team-a_*.log,/var/log/containers/*_emr-data-team-b_*.log");

    [Fact]
    public void Rendering_is_the_same_every_time() => Rendering.Of(Karpenter, StackOutputs.None).ShouldBe(Rendering.Of(Karpenter, StackOutputs.None));

    private static PlatformDeclaration With(string addon, bool enabled) =>
        Karpenter with { Addons = new Dictionary<string, AddonSwitch>(Karpenter.Addons) { [addon] = new AddonSwitch { Enabled = enabled } } };

    private static IEnumerable<string> Paths(PlatformDeclaration platform) => Rendering.Of(platform, StackOutputs.None).Select(f => f.Path);

    private static string Text(PlatformDeclaration platform, string path) => Rendering.Of(platform, StackOutputs.None).Single(f => f.Path == path).Text;
}
