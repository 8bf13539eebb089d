namespace DaprRollouts.Kubernetes.CustomResources;

/// <summary>
/// What the API's own description says of Kubernetes types and reflection over the client's types does not tell: members that are required, lists whose items are
/// known by a key, objects that change as a whole, and defaults that such keys need.
/// </summary>
internal static class KubernetesFacts
{
    // "Type required members", "Type atomic", "Type.member map keys", "Type.member set", "Type.member default value", "Type.member free",
    // "Type.member atomic".
    private const string Text = """
        AppArmorProfile required type
        ConfigMapEnvSource atomic
        ConfigMapEnvSource.name default
        ConfigMapKeySelector atomic
        ConfigMapKeySelector required key
        ConfigMapKeySelector.name default
        Container required name
        Container.env map name
        Container.ports map containerPort protocol
        Container.volumeDevices map devicePath
        Container.volumeMounts map mountPath
        ContainerPort required containerPort
        ContainerPort.protocol default TCP
        ContainerResizePolicy required resourceName restartPolicy
        ContainerRestartRule required action
        ContainerRestartRuleOnExitCodes required operator
        ContainerRestartRuleOnExitCodes.values set
        EnvVar required name
        EphemeralContainer required name
        EphemeralContainer.env map name
        EphemeralContainer.ports map containerPort protocol
        EphemeralContainer.volumeDevices map devicePath
        EphemeralContainer.volumeMounts map mountPath
        FileKeySelector atomic
        FileKeySelector required key path volumeName
        FileKeySelector.optional default false
        GRPCAction required port
        GRPCAction.service default
        HTTPGetAction required port
        HTTPHeader required name value
        HostAlias required ip
        JobSpec required template
        LabelSelector atomic
        LabelSelectorRequirement required key operator
        LocalObjectReference atomic
        LocalObjectReference.name default
        NodeSelector atomic
        NodeSelector required nodeSelectorTerms
        NodeSelectorRequirement required key operator
        NodeSelectorTerm atomic
        ObjectFieldSelector atomic
        ObjectFieldSelector required fieldPath
        PodAffinityTerm required topologyKey
        PodFailurePolicy required rules
        PodFailurePolicyOnExitCodesRequirement required operator values
        PodFailurePolicyOnExitCodesRequirement.values set
        PodFailurePolicyOnPodConditionsPattern required status type
        PodFailurePolicyRule required action
        PodOS required name
        PodReadinessGate required conditionType
        PodResourceClaim required name
        PodSchedulingGate required name
        PodSpec required containers
        PodSpec.containers map name
        PodSpec.ephemeralContainers map name
        PodSpec.hostAliases map ip
        PodSpec.imagePullSecrets map name
        PodSpec.initContainers map name
        PodSpec.nodeSelector atomic
        PodSpec.resourceClaims map name
        PodSpec.schedulingGates map name
        PodSpec.topologySpreadConstraints map topologyKey whenUnsatisfiable
        PodSpec.volumes free
        PreferredSchedulingTerm required preference weight
        ResourceClaim required name
        ResourceFieldSelector atomic
        ResourceFieldSelector required resource
        ResourceRequirements.claims map name
        ResourceRequirements.limits free
        ResourceRequirements.requests free
        SeccompProfile required type
        SecretEnvSource atomic
        SecretEnvSource.name default
        SecretKeySelector atomic
        SecretKeySelector required key
        SecretKeySelector.name default
        SleepAction required seconds
        SuccessPolicy required rules
        Sysctl required name value
        TCPSocketAction required port
        TopologySpreadConstraint required maxSkew topologyKey whenUnsatisfiable
        VolumeDevice required devicePath name
        VolumeMount required mountPath name
        WeightedPodAffinityTerm required podAffinityTerm weight
        """;

    private static readonly Dictionary<(string Of, string Fact), string[]> Facts = Text
        .Split('\n', StringSplitOptions.TrimEntries)
        .Select(line => line.Split(' '))
        .ToDictionary(words => (words[0], words[1]), words => words[2..]);

    /// <summary>The members that an object of a type must have.</summary>
    public static IReadOnlyList<string> Required(Type type) => Facts.GetValueOrDefault((NameOf(type), "required"), []);

    /// <summary>Whether an object of a type changes as a whole.</summary>
    public static bool IsAtomic(Type type) => Facts.ContainsKey((NameOf(type), "atomic"));

    /// <summary>Whether the object in a member changes as a whole.</summary>
    public static bool IsAtomic(Type type, string member) => Facts.ContainsKey(($"{NameOf(type)}.{member}", "atomic"));

    /// <summary>The members by which items of a list are known; null if they are not.</summary>
    public static IReadOnlyList<string>? MapKeys(Type type, string member) => Facts.GetValueOrDefault(($"{NameOf(type)}.{member}", "map"));

    /// <summary>Whether a list holds each value once.</summary>
    public static bool IsSet(Type type, string member) => Facts.ContainsKey(($"{NameOf(type)}.{member}", "set"));

    /// <summary>Whether anything may stand in a member, as new kinds of it come with each release of Kubernetes.</summary>
    public static bool IsFree(Type type, string member) => Facts.ContainsKey(($"{NameOf(type)}.{member}", "free"));

    /// <summary>What the API server puts where a member is absent; null if nothing.</summary>
    public static string? Default(Type type, string member) =>
        Facts.TryGetValue(($"{NameOf(type)}.{member}", "default"), out var value) ? value.FirstOrDefault() ?? "" : null;

    // The client calls them V1Container or Corev1ResourceClaim, we ourselves LabelSelector.
    private static string NameOf(Type type)
    {
        var version = type.Name.IndexOf("V1", StringComparison.OrdinalIgnoreCase);
        return version is 0 or 4 ? type.Name[(version + 2)..] : type.Name;
    }
}
