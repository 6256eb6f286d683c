using Hearth.Engine.Sql;

namespace Hearth.Engine.Session;

/// <summary>A view that is replaced by a query over itself (<c>CREATE OR REPLACE TEMP VIEW v AS SELECT .. FROM v</c>) keeps its old meaning inside.</summary>
internal static class SelfReference
{
    /// <summary>The relation with the old definition bound to the name.</summary>
    public static Relation Inline(Relation relation, string name, Relation? old) =>
        old is null ? relation : new WithQueries([new NamedQuery(name, [], old)], relation);
}
